-- Nineteen reads, then a post, as bytes that bench/wrk.py has laid ready.
local function bytes(name)
  local file = assert(io.open(os.getenv(name), "rb"))
  local content = file:read("*a")
  file:close()
  return content
end

local read, posts, sent, posted = nil, {}, 0, 0

function init()
  read = bytes("BENCH_READ")
  for post in (bytes("BENCH_POSTS") .. "\0"):gmatch("(.-)%z") do
    posts[#posts + 1] = post
  end
end

function request()
  sent = sent + 1
  if sent % 20 == 0 then
    posted = posted + 1
    return assert(posts[posted], "more posts were needed than were laid ready")
  end
  return read
end
