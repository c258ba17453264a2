// A drawing -> the 28×28 images that the network may take it for, as the app prepares it.

const CANVAS = 112
const MARGIN = 12
const RAYS = 8
const INK = 0.25 // what is less unlike the paper is paper
const SIDE = 28

class Preparation {
  // `lightness` is CIELAB's of each of 256 greys, `ellipses` are kernels by their size.
  constructor({ lightness, ellipses }) {
    this.lightness = lightness
    this.ellipses = ellipses
  }

  // `levels` are the grey levels of a square sheet, 0 black to 255 white. Returns the readings, a
  // list of 784 levels each, the likeliest first; none where nothing is drawn.
  readings(levels, side) {
    const ink = this.ink(levels, side)
    const mask = made(ink, (value) => (value > INK ? 1 : 0))
    if (!mask.list.some(Boolean)) return []
    const drawing = padded(fitted(part(ink, bounds(mask)), CANVAS), MARGIN)
    const lines = this.strokes(drawing)
    const whole = either(this.silhouette(lines), lines)
    const found = this.toned(drawing, lines, whole)
    const mirrored = pointsRight(found[0])
    return found.map((image) => (mirrored ? flipped(image) : image).list)
  }

  ink(levels, side) {
    const light = Array.from(levels, (value) => this.lightness[value])
    const depth = Math.max(2, round(0.02 * side))
    const frame = light.filter((_, place) => {
      const [x, y] = [place % side, Math.floor(place / side)]
      return Math.min(x, y, side - 1 - x, side - 1 - y) < depth
    })
    frame.sort((one, other) => one - other)
    const middle = frame.length >> 1
    const ground = Math.floor((frame[middle] + frame[frame.length - 1 - middle]) / 2)
    const unlike = light.map((value) => Math.abs(value - ground))
    const full = Math.max(
      24,
      unlike.reduce((one, other) => Math.max(one, other)),
    )
    return grid(
      side,
      side,
      Float64Array.from(unlike, (value) => Math.min(1, value / full)),
    )
  }

  // Thin lines are thickened to survive the way down to 28×28.
  strokes(drawing) {
    const mask = made(drawing, (value) => (value > INK ? 1 : 0))
    const area = mask.list.reduce((sum, value) => sum + value, 0)
    const width = (2 * area) / Math.max(1, outline(mask))
    if (width <= 0 || width >= 4) return mask
    return dilated(mask, this.ellipses[round(4 - width) + 1])
  }

  // The lines and everything inside them, open outlines closed.
  silhouette(lines) {
    const share = enclosed(lines)
    const ends = looseEnds(lines)
    const inner = share.list.filter((value, place) => value >= 0.93 && !lines.list[place])
    const goal = 0.65 * inner.length
    let best = lines
    for (const [gap, reach] of [
      [1, 0],
      [5, 0],
      [5, 0.2],
      [5, 0.45],
      [5, 0.8],
      [9, 0.8],
      [15, 0.8],
    ]) {
      const joined = reach ? joinEnds(lines, ends, reach * CANVAS) : lines
      best = filled(closed(joined, this.ellipses[gap]))
      const added = best.list.filter((value, place) => value && !lines.list[place]).length
      if (added >= goal) return best
    }
    const inside = made(blurred(share, 3), (value) => (value >= 0.85 ? 1 : 0))
    return filled(either(best, inside))
  }

  toned(ink, lines, whole) {
    const tones = (line, fill) =>
      made(ink, (value, place) => {
        const shaded = Math.max(value, whole.list[place] ? fill : 0)
        const drawn = Math.max(line * Math.max(value, 0.5), shaded)
        const tone = Math.min(1, lines.list[place] ? drawn : shaded)
        return Math.floor(255 * (1 - tone) + 0.5)
      })
    const half = tones(1, 0.5)
    const first = converted(half, whole)
    const found = [first, converted(tones(0.7, 0.7), whole), converted(tones(1, 0), whole)]
    const wide = proportions(first)
    if (wide > 0.85 && wide < 1.6) found.push(squeezed(first))
    for (const one of pair(whole)) {
      const shoe = converted(half, one)
      found.push(proportions(shoe) < 1 ? turned(shoe) : shoe)
    }
    return found
  }
}

function either(one, other) {
  return made(one, (value, place) => (value || other.list[place] ? 1 : 0))
}

// The share of 16 directions in which each place meets a line.
function enclosed(lines) {
  const { width, height } = lines
  const [x, y] = [width / 2 - 0.5, height / 2 - 0.5]
  const edge = Math.ceil(Math.hypot(width, height))
  const hits = grid(width, height)
  for (let ray = 0; ray < RAYS; ray += 1) {
    const [cos, sin] = [Math.cos((Math.PI * ray) / RAYS), Math.sin((Math.PI * ray) / RAYS)]
    const turn = [
      cos,
      sin,
      (1 - cos) * x - sin * y + edge / 2 - width / 2,
      -sin,
      cos,
      sin * x + (1 - cos) * y + edge / 2 - height / 2,
    ]
    const met = warped(lines, inverse(turn), edge, edge)
    for (let row = 0; row < edge; row += 1) {
      const line = met.list.subarray(row * edge, (row + 1) * edge)
      const [first, last] = [line.indexOf(1), line.lastIndexOf(1)]
      if (first < 0) continue
      for (let place = 0; place < edge; place += 1) {
        line[place] = (place >= first ? 1 : 0) + (place <= last ? 1 : 0)
      }
    }
    const back = warped(met, turn, width, height)
    back.list.forEach((value, place) => {
      hits.list[place] += value / (2 * RAYS)
    })
  }
  return hits
}

function looseEnds(lines) {
  const thinned = thin(lines)
  const found = []
  for (let y = 0; y < lines.height; y += 1) {
    for (let x = 0; x < lines.width; x += 1) {
      if (!at(thinned, x, y)) continue
      const count = AROUND.filter(([right, down]) => at(thinned, x + right, y + down)).length
      if (count === 1) found.push([x, y])
    }
  }
  return found
}

// Zhang and Suen (1984).
function thin(lines) {
  let mask = lines
  for (;;) {
    const before = mask.list
    for (const first of [true, false]) mask = peeled(mask, first)
    if (mask.list.every((value, place) => value === before[place])) return mask
  }
}

function peeled(mask, first) {
  return made(mask, (value, place) => {
    if (!value) return 0
    const [x, y] = [place % mask.width, Math.floor(place / mask.width)]
    const ring = AROUND.map(([right, down]) => at(mask, x + right, y + down))
    const count = ring.reduce((sum, one) => sum + one, 0)
    const steps = ring.filter((one, way) => !one && ring[(way + 1) % 8]).length
    const [above, , right, , below, , left] = ring
    const free = first
      ? !(above && right && below) && !(right && below && left)
      : !(above && right && left) && !(above && below && left)
    return count >= 2 && count <= 6 && steps === 1 && free ? 0 : 1
  })
}

// Loose ends joined in pairs, the nearest first.
function joinEnds(lines, ends, reach) {
  if (ends.length < 2 || ends.length > 60) return lines
  const pairs = []
  ends.forEach(([x, y], one) => {
    ends.slice(one + 1).forEach(([right, down], step) => {
      const distance = Math.hypot(right - x, down - y)
      if (distance <= reach) pairs.push([distance, one, one + 1 + step])
    })
  })
  pairs.sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2])
  const joined = { ...lines, list: lines.list.slice() }
  const used = new Set()
  for (const [, one, other] of pairs) {
    if (used.has(one) || used.has(other)) continue
    used.add(one).add(other)
    stroke(joined, ends[one], ends[other])
  }
  return joined
}

// A line three places thick.
function stroke(mask, [x, y], [right, down]) {
  const length = Math.hypot(right - x, down - y) || 1
  const [across, along] = [(right - x) / length, (down - y) / length]
  const inside = (value, one, other) =>
    value >= Math.min(one, other) - 1 && value <= Math.max(one, other) + 1
  mask.list.forEach((_, place) => {
    const [i, j] = [place % mask.width, Math.floor(place / mask.width)]
    if (!inside(i, x, right) || !inside(j, y, down)) return
    const passed = Math.min(length, Math.max(0, (i - x) * across + (j - y) * along))
    if (Math.hypot(i - x - passed * across, j - y - passed * along) <= 1.5) mask.list[place] = 1
  })
}

// The data set's own conversion: on white, trimmed, longest edge to 28, sharpened, centred, negated.
function converted(grey, mask) {
  const white = made(grey, (value, place) => (mask.list[place] ? value : 255))
  const small = fitted(part(white, bounds(mask)), SIDE, level)
  return centred(made(sharpened(small), (value) => 255 - value))
}

function sharpened(picture) {
  const gaussian = (right, down) => Math.exp(-(right * right + down * down) / 2)
  const sum = 1 + 4 * gaussian(1, 0) + 4 * gaussian(1, 1)
  const inside = (value, length) => Math.min(length - 1, Math.max(0, value))
  return made(picture, (value, place) => {
    const [x, y] = [place % picture.width, Math.floor(place / picture.width)]
    let total = 2 * sum * value
    for (const [right, down] of AROUND) {
      const [i, j] = [inside(x + right, picture.width), inside(y + down, picture.height)]
      total -= gaussian(right, down) * at(picture, i, j)
    }
    return level(total / (sum + 1))
  })
}

function centred(ink) {
  return part(ink, [
    -Math.floor((SIDE - ink.width) / 2),
    -Math.floor((SIDE - ink.height) / 2),
    SIDE,
    SIDE,
  ])
}

function proportions(image) {
  const [, , width, height] = bounds(image)
  return width / height
}

function squeezed(image) {
  return centred(resized(part(image, bounds(image)), 22, SIDE, level))
}

function pair(mask) {
  const found = parts(mask).toSorted((one, other) => other.size - one.size)
  if (found.length < 2 || found[1].size < 0.5 * found[0].size) return []
  if (found.length > 2 && found[2].size > 0.2 * found[0].size) return []
  return [found[0].mask, found[1].mask]
}

// A quarter turn to the left.
function turned(image) {
  return made(image, (_, place) => at(image, SIDE - 1 - Math.floor(place / SIDE), place % SIDE))
}

function flipped(image) {
  return made(image, (_, place) => at(image, SIDE - 1 - (place % SIDE), Math.floor(place / SIDE)))
}

// Whether an item leans so that it must be mirrored to point left.
function pointsRight(image) {
  const [left, top, width, height] = bounds(image)
  const upper = part(image, [left, top, width, Math.max(1, Math.floor(height / 3))])
  const total = upper.list.reduce((sum, value) => sum + value, 0)
  if (!total) return false
  const moment = upper.list.reduce((sum, value, place) => sum + value * (place % width), 0)
  return moment / total < (width - 1) / 2 - width / 30
}

// The first reading counts double; a mean of several is less sure than it is right.
function vote(rows) {
  const sums = rows[0].map((_, at) =>
    rows.reduce((sum, row, one) => sum + row[at] * (one ? 1 : 2), 0),
  )
  const total = sums.reduce((one, other) => one + other)
  const raised = rows.length > 1 ? sums.map((value) => (value / total) ** 1.2) : sums
  const whole = raised.reduce((one, other) => one + other)
  return Array.from(raised, (value) => value / whole)
}
