-- 1
SELECT service.key, service.name, service.family, service.startable, service.premium, service.batch_editable, service.asks_audience, service.addon_of, service.channel_id
FROM service
WHERE true ORDER BY service.name ASC, service.id ASC
LIMIT 20

-- 2
SELECT count(*) AS count
FROM service
WHERE true

-- 3
SELECT support_channel.name, support_channel.sign_in_kind, support_channel.id AS parent_key
FROM support_channel
WHERE support_channel.id = ANY ($1::UUID[])
