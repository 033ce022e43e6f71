-- Tells the holder of a key to let go. KEYS: the namespace. ARGV: key, reason. Answers 1 if there was a holder, else 0.
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record then
  return {0}
end
local token, owner, since, expires = string.match(record, '^1 (%d+) (%S+) (%d+) (%d+) [hr] ')
if not token then
  return redis.error_reply('DAMAGED record of key ' .. ARGV[1])
end
local time = redis.call('TIME')
if tonumber(expires) <= time[1] * 1000 + math.floor(time[2] / 1000) then
  return {0}
end
-- As in a renewal: this must work when the server's memory is full.
redis.call('HDEL', KEYS[1], '\n')
redis.call('HSET', KEYS[1], ARGV[1], string.format('1 %s %s %s %s r %s', token, owner, since, expires, ARGV[2]))
return {1}
