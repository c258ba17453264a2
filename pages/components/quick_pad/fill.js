// What Fill does, in grey levels: which cells belong to the area that was tapped.

const SAME = 40 // levels by which the ground of an area may differ; light grey on white is a line
const NARROW = 28 // half the width of the widest brush, and two cells: no area of ink is so thin
const PAPER = 250 // from here on it is bare paper
const CROSS = [
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, 0],
]
const AROUND = [
  [-1, -1],
  [-1, 0],
  [-1, 1],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 0],
  [1, 1],
]
const REACHES = [0, 3, 6, 9, 12] // half the widest gap in an outline that counts as closed

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
  const depth = Uint16Array.from(even, (value) => value * side)
  // Once from the top left, and once from the bottom right.
  for (let pass = 0; pass < 2; pass += 1) {
    for (let at = 0; at < depth.length; at += 1) {
      const column = at % side
      let least = depth[at] - 1
      if (column) least = Math.min(least, depth[at - 1])
      if (at >= side) {
        least = Math.min(least, depth[at - side])
        if (column) least = Math.min(least, depth[at - side - 1])
        if (column < side - 1) least = Math.min(least, depth[at - side + 1])
      }
      if (depth[at]) depth[at] = least + 1
    }
    depth.reverse()
  }
  return depth
}

// The cells that hang together with `start` by their edges and are `open`.
function flooded(start, side, open) {
  const found = new Uint8Array(side * side)
  const waiting = [start]
  const visit = (at) => {
    if (found[at] || !open(at)) return
    found[at] = 1
    waiting.push(at)
  }
  found[start] = 1
  while (waiting.length) {
    const at = waiting.pop()
    if (at % side) visit(at - 1)
    if (at % side < side - 1) visit(at + 1)
    if (at >= side) visit(at - side)
    if (at < side * (side - 1)) visit(at + side)
  }
  return found
}

function beside(at, side, steps) {
  const [row, column] = [Math.floor(at / side), at % side]
  return steps
    .map(([down, right]) => [row + down, column + right])
    .filter(([i, j]) => i >= 0 && j >= 0 && i < side && j < side)
    .map(([i, j]) => i * side + j)
}

// Back to the lines: so many steps over even cells, and one more, so that no pale seam is left.
function grown(core, even, side, steps) {
  const found = core.slice()
  let rim = [] // all cells that something may be added beside
  core.forEach((value, at) => {
    if (value && beside(at, side, CROSS).some((other) => !core[other])) rim.push(at)
  })
  for (let step = 0; step <= steps; step += 1) {
    const next = []
    for (const at of rim) {
      for (const other of beside(at, side, step < steps ? AROUND : CROSS)) {
        if (found[other] || (step < steps && !even[other])) continue
        found[other] = 1
        next.push(other)
      }
    }
    rim = rim.concat(next)
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
