// What Fill does, in grey levels: which cells belong to the area that was tapped.

const SAME = 40 // levels by which the ground of an area may differ; light grey on white is a line
const NARROW = 28 // half the width of the widest brush, and two cells: no area of ink is so thin
const PAPER = 250 // from here on it is bare paper
const REACHES = [0, 3, 6, 10, 14] // half the widest gap in an outline that counts as closed

// `levels` has side × side grey levels, 0 black to 255 white. Returns `inside`, 1 for each cell of
// the area around (x, y), or `problem`: "line" where a line was tapped, "open" where nothing
// encloses the place. Gaps of an outline are bridged, small ones first.
function area(levels, side, x, y) {
  const start = y * side + x
  const ground = levels[start]
  const even = Uint8Array.from(levels, (level) => (Math.abs(level - ground) <= SAME ? 1 : 0))
  const depth = depths(even, side)
  for (const reach of REACHES) {
    if (depth[start] <= reach) break
    const core = flooded(start, side, (at) => depth[at] > reach)
    if (!reach && ground < PAPER && deepest(core, depth) <= NARROW) return { problem: "line" }
    if (corners(core, side) < 2) return { inside: grown(core, even, side, reach) }
  }
  return { problem: "open" }
}

// How many steps, also diagonal ones, each even cell is away from the nearest that is not.
function depths(even, side) {
  const depth = Uint16Array.from(even, (value) => (value ? side : 0))
  const pass = (order, steps) => {
    for (const row of order) {
      for (const column of order) {
        const at = row * side + column
        for (const [down, right] of steps) {
          const [i, j] = [row + down, column + right]
          if (i < 0 || j < 0 || i >= side || j >= side) continue
          const nearer = depth[i * side + j] + 1
          if (nearer < depth[at]) depth[at] = nearer
        }
      }
    }
  }
  const order = Array.from({ length: side }, (_, at) => at)
  const before = [
    [-1, -1],
    [-1, 0],
    [-1, 1],
    [0, -1],
  ]
  pass(order, before)
  pass(
    order.toReversed(),
    before.map(([down, right]) => [-down, -right]),
  )
  return depth
}

// The cells that hang together with `start` by their edges and are `open`.
function flooded(start, side, open) {
  const found = new Uint8Array(side * side)
  const waiting = [start]
  found[start] = 1
  while (waiting.length) {
    const at = waiting.pop()
    for (const next of beside(at, side)) {
      if (found[next] || !open(next)) continue
      found[next] = 1
      waiting.push(next)
    }
  }
  return found
}

function beside(at, side) {
  const column = at % side
  const next = []
  if (column > 0) next.push(at - 1)
  if (column < side - 1) next.push(at + 1)
  if (at >= side) next.push(at - side)
  if (at < side * (side - 1)) next.push(at + side)
  return next
}

// Back to the lines: so many steps over even cells, and one more, so that no pale seam is left.
function grown(core, even, side, steps) {
  const found = core.slice()
  let rim = []
  core.forEach((value, at) => value && rim.push(at))
  for (let step = 0; step <= steps; step += 1) {
    const next = []
    for (const at of rim) {
      for (const other of beside(at, side)) {
        if (found[other] || (step < steps && !even[other])) continue
        found[other] = 1
        next.push(other)
      }
    }
    rim = next
  }
  return found
}

function deepest(core, depth) {
  return core.reduce((most, value, at) => (value && depth[at] > most ? depth[at] : most), 0)
}

function corners(core, side) {
  const last = side - 1
  return core[0] + core[last] + core[last * side] + core[last * side + last]
}
