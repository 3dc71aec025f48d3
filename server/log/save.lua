-- Keep a snapshot of one session: one atomic act. For Redis 6.2 and later, and Valkey.
--
-- KEYS: 1 stream of the session, 2 its snapshot, a hash of seq and body
-- ARGV: 1 seq of the last entry in the snapshot, 2 its body
-- Reply: 1 when it is kept, 0 when a newer one is there or the stream does not reach so far.

local length = redis.call('XLEN', KEYS[1])
local seq = tonumber(ARGV[1])
-- One that is ahead of the stream is of entries that a failover lost: it stands in nobody's way.
local held = tonumber(redis.call('HGET', KEYS[2], 'seq') or 0)
if seq < 1 or seq > length or (held > seq and held <= length) then
  return 0
end
redis.call('HSET', KEYS[2], 'seq', ARGV[1], 'body', ARGV[2])
return 1
