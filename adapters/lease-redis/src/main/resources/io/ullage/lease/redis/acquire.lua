-- Takes a key. KEYS: the namespace. ARGV: key, owner, TTL in ms, note.
-- Answers: token (0 if somebody else has the key), ms until that holder's time runs out, whether a record was taken over.
-- A record is: layout, token, owner, acquired at, expires at (both in ms since 1970), state (h held, r revoked), note.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = redis.call('HMGET', KEYS[1], ARGV[1], '')
local takeover = 0
if found[1] then
  local token, owner, expires = string.match(found[1], '^1 (%d+) (%S+) %d+ (%d+) [hr] ')
  if not token then
    return redis.error_reply('DAMAGED record of key ' .. ARGV[1])
  end
  if tonumber(expires) > now then
    if owner == ARGV[2] then
      -- Asked twice. Written again, so that whoever waits for replicas on another connection waits for this.
      redis.call('HSET', KEYS[1], ARGV[1], found[1])
      return {tonumber(token), 0, 0}
    end
    return {0, tonumber(expires) - now, 0}
  end
  takeover = 1
end
-- Above every token before and, should the server have lost its data, above what the clock allows for: tokens begin at the
-- ms since 1970 times 1024, as those of every store do. Below 2^53, which Lua's numbers hold exactly, until 2248.
local token = math.max((tonumber(found[2]) or 0) + 1, now * 1024 + time[2] % 1000)
redis.call('HSET', KEYS[1], '', string.format('%.0f', token), ARGV[1],
  string.format('1 %.0f %s %.0f %.0f h %s', token, ARGV[2], now, now + tonumber(ARGV[3]), ARGV[4]))
-- Holders that died leave records behind. Every 16th acquisition looks at 8 records and removes those that ran out a minute
-- ago: as long as less than half of all acquisitions end so, what they leave does not grow without bound.
if token % 16 == 0 then
  local sample = redis.pcall('HRANDFIELD', KEYS[1], 8, 'WITHVALUES')
  if not sample.err then
    for i = 1, #sample, 2 do
      local expires = string.match(sample[i + 1], '^1 %d+ %S+ %d+ (%d+) [hr] ')
      if expires and tonumber(expires) + 60000 < now then
        redis.call('HDEL', KEYS[1], sample[i])
      end
    end
  end
end
return {token, 0, takeover}
