-- Number, stamp, dedupe, store and announce drafts of one session: one atomic act. For Redis 6.2 and later, and Valkey.
--
-- KEYS: 1 stream of the session, 2 its hash of first positions ("by NUL key" -> "seq at"),
--       3 list of session ids, 4 hash of join codes (code -> session id)
-- ARGV: 1 session id, 2 channel, 3 the last seq that the worker has seen, 4 join code when the session is to be
--       started, else "", then by, key, body of every draft
-- Reply: {"ok", seq, at, repeated (0 or 1), ... for every draft}, or {reason} with nothing changed.

local stream, firsts = KEYS[1], KEYS[2]
local session, channel, seen, code = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

-- Entries are numbered without gaps and never removed, so the length is the last number. Where it is not, or where the
-- worker has seen more, part of the log is gone, and going on would give old numbers to new entries.
local length = redis.call('XLEN', stream)
local seq, at = 0, 0
if length > 0 then
  local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  seq = tonumber(string.match(last[1], '^%d+'))
  at = tonumber(last[2][2])
end
if seq ~= length or length < seen then
  return {'shrunk'}
end

if code == '' then
  if length == 0 then
    return {'unknown'}
  end
else
  local holder = redis.call('HGET', KEYS[4], code)
  if holder and holder ~= session then
    return {'taken'}
  end
  if not holder then
    if length > 0 then
      return {'other'}
    end
    redis.call('RPUSH', KEYS[3], session)
    redis.call('HSET', KEYS[4], code, session)
  end
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if now > at then
  at = now
end
local stamp = string.format('%.0f', at)

local reply, news = {'ok'}, {}
for i = 5, #ARGV, 3 do
  local by, key, body = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local name = by .. '\0' .. key
  local first = redis.call('HGET', firsts, name)
  if first then
    local first_seq, first_at = string.match(first, '^(%d+) (%d+)$')
    reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = tonumber(first_seq), tonumber(first_at), 1
  else
    seq = seq + 1
    local number = string.format('%.0f', seq)
    redis.call('XADD', stream, number .. '-0', 'at', stamp, 'by', by, 'key', key, 'body', body)
    redis.call('HSET', firsts, name, number .. ' ' .. stamp)
    -- A line of numbers, then the bytes as they are: seq, at, length of by, of key, of body.
    news[#news + 1] = table.concat({number, stamp, #by, #key, #body}, ' ') .. '\n' .. by .. key .. body
    reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = seq, at, 0
  end
end
if #news > 0 then
  redis.call('PUBLISH', channel, table.concat(news))
end
return reply
