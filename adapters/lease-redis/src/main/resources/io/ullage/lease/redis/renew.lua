-- Renews leases, or asks about them. KEYS: the namespace. ARGV: for each lease key, owner, token, TTL in ms (0 only asks).
-- Answers for each: 1 it is held, 0 its time ran out, 2 it is somebody else's or revoked, 3 its record is damaged.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local keys = {}
for i = 1, #ARGV, 4 do
  keys[#keys + 1] = ARGV[i]
end
local found = redis.call('HMGET', KEYS[1], unpack(keys))
local answers = {}
local changes = {}
for i = 1, #keys do
  local at = i * 4 - 3
  local answer = 0
  if found[i] then
    local token, owner, since, expires, state, note = string.match(found[i], '^1 (%d+) (%S+) (%d+) (%d+) ([hr]) (.*)$')
    if not token then
      answer = 3
    elseif owner ~= ARGV[at + 1] or token ~= ARGV[at + 2] or state ~= 'h' then
      answer = 2
    elseif tonumber(expires) > now then
      answer = 1
      if ARGV[at + 3] ~= '0' then
        changes[#changes + 1] = keys[i]
        changes[#changes + 1] = string.format('1 %s %s %s %.0f h %s', token, owner, since, now + tonumber(ARGV[at + 3]), note)
      end
    end
  end
  answers[i] = answer
end
if #changes > 0 then
  -- A server whose memory is full refuses a script's first write if that might take more. A renewal takes none, and who
  -- holds a lease shall not lose it: the first write is one that is always allowed, and removes nothing.
  redis.call('HDEL', KEYS[1], '\n')
  redis.call('HSET', KEYS[1], unpack(changes))
end
return answers
