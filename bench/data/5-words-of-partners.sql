-- What partners find tickets by: the same, mixed with who manages the customer.

INSERT INTO partner_ticket_words (ticket_id, words) SELECT id, word_keys(search_text, managing_partner_id) FROM ticket;
