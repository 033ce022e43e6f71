-- Gives a key back and says so to those who wait. KEYS: the namespace. ARGV: key, owner, token ('' for whatever this owner has).
-- Answers 1 if this freed the key, else 0.
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record then
  return {0}
end
local token, owner, expires = string.match(record, '^1 (%d+) (%S+) %d+ (%d+) [hr] ')
if owner ~= ARGV[2] or (ARGV[3] ~= '' and token ~= ARGV[3]) then
  return {0}
end
local time = redis.call('TIME')
redis.call('HDEL', KEYS[1], ARGV[1])
-- Whoever may not publish still may release: others then find the key free by asking.
redis.pcall('PUBLISH', KEYS[1] .. ':freed', ARGV[1])
if tonumber(expires) > time[1] * 1000 + math.floor(time[2] / 1000) then
  return {1}
end
return {0}
