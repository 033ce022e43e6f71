-- Reads. KEYS: the namespace. ARGV: 'one' and a key, or 'some', a cursor and about how many records.
-- Answers: ms since 1970 by the server's clock, the next cursor ('0' at the end), keys and records in turn.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
if ARGV[1] == 'one' then
  local record = redis.call('HGET', KEYS[1], ARGV[2])
  if record then
    return {now, '0', ARGV[2], record}
  end
  return {now, '0'}
end
local page = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
local answer = {now, page[1]}
for i = 1, #page[2] do
  answer[i + 2] = page[2][i]
end
return answer
