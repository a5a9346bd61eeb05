-- What staff find tickets by: their words as numbers (docs/adr/0008).

INSERT INTO ticket_words (ticket_id, words) SELECT id, word_keys(search_text, NULL) FROM ticket;
