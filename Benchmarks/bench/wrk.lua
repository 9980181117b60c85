-- Sends the requests of a file, in order and over and over, exactly as they stand: their signatures were made before, so
-- that the client costs next to nothing. The file, named by REQUESTS, holds each request behind its length in eight digits.
-- At the end prints what was counted as one line of JSON.

local requests, count, place = {}, 0, 0

function init()
   local file = assert(io.open(os.getenv("REQUESTS"), "rb"))
   while true do
      local length = file:read(8)
      if not length then break end
      count = count + 1
      requests[count] = file:read(tonumber(length))
   end
   file:close()
end

function request()
   place = place % count + 1
   return requests[place]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "bytes": %d, "microseconds": %d, "refused": %d, "broken": %d, "p50": %d, "p99": %d}\n',
      summary.requests, summary.bytes, summary.duration, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end
