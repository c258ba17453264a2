// What the preparation needs of OpenCV, on grids: { width, height, list }, row by row.

const AROUND = [
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
] // right and down, clockwise from above

function grid(width, height, list) {
  return { width, height, list: list ?? new Float64Array(width * height) }
}

function made(from, change) {
  return { ...from, list: from.list.map(change) }
}

// Python and OpenCV round halves to the even neighbour.
function round(value) {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 ? floor + 1 : floor
}

function level(value) {
  return Math.min(255, Math.max(0, round(value)))
}

function at(picture, x, y) {
  const inside = x >= 0 && y >= 0 && x < picture.width && y < picture.height
  return inside ? picture.list[y * picture.width + x] : 0
}

// Left, top, width and height of what is set; the whole if nothing is.
function bounds(mask) {
  let [left, top, right, bottom] = [mask.width, mask.height, -1, -1]
  mask.list.forEach((value, place) => {
    if (!value) return
    const [x, y] = [place % mask.width, Math.floor(place / mask.width)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  })
  if (right < 0) return [0, 0, mask.width, mask.height]
  return [left, top, right - left + 1, bottom - top + 1]
}

function part(picture, [left, top, width, height]) {
  const found = grid(width, height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) found.list[y * width + x] = at(picture, left + x, top + y)
  }
  return found
}

function padded(picture, margin) {
  const { width, height } = picture
  return part(picture, [-margin, -margin, width + 2 * margin, height + 2 * margin])
}

// Sizes. Which places, with which weights, make each new place: [[place, weight], …] each.

function areas(from, to) {
  const scale = from / to
  return Array.from({ length: to }, (_, place) => {
    const [start, end] = [place * scale, Math.min(from, (place + 1) * scale)]
    const found = []
    for (let one = Math.floor(start); one < end - 1e-9; one += 1) {
      const share = Math.min(end, one + 1) - Math.max(start, one)
      if (share > 1e-3) found.push([one, share / (end - start)])
    }
    return found
  })
}

function blends(from, to) {
  const scale = from / to
  return Array.from({ length: to }, (_, place) => {
    const middle = Math.min(from - 1, Math.max(0, (place + 0.5) * scale - 0.5))
    const first = Math.floor(middle)
    return [
      [first, 1 - (middle - first)],
      [Math.min(from - 1, first + 1), middle - first],
    ]
  })
}

// OpenCV's INTER_AREA where one side grows: the old places as even steps, only their seams blended.
function steps(from, to) {
  const scale = from / to
  return Array.from({ length: to }, (_, place) => {
    const first = Math.min(from - 1, Math.floor(place * scale))
    const over = place + 1 - (first + 1) / scale
    const share = over <= 0 ? 0 : over - Math.floor(over)
    return [
      [first, 1 - share],
      [Math.min(from - 1, first + 1), share],
    ]
  })
}

function resized(picture, width, height, finish) {
  const shrinks = picture.width >= width && picture.height >= height
  const grows = picture.width <= width && picture.height <= height
  const ways = shrinks ? areas : grows && finish === undefined ? blends : steps
  const [across, down] = [ways(picture.width, width), ways(picture.height, height)]
  const found = grid(width, height)
  const rows = grid(width, picture.height)
  for (let y = 0; y < rows.height; y += 1) {
    across.forEach((places, x) => {
      for (const [from, weight] of places) rows.list[y * width + x] += weight * at(picture, from, y)
    })
  }
  down.forEach((places, y) => {
    for (const [from, weight] of places) {
      for (let x = 0; x < width; x += 1) {
        found.list[y * width + x] += weight * rows.list[from * width + x]
      }
    }
  })
  return finish ? made(found, finish) : found
}

// The longest edge at exactly `edge`, the aspect kept.
function fitted(picture, edge, finish) {
  const scale = edge / Math.max(picture.width, picture.height)
  const sides = [picture.width, picture.height].map((side) => Math.max(1, round(side * scale)))
  const finished = resized(picture, ...sides, scale < 1 ? finish : undefined)
  return scale < 1 || !finish ? finished : made(finished, finish)
}

// Masks

// `kernel` is a list of rows; its middle lies on each place in turn.
function dilated(mask, kernel) {
  const middle = kernel.length >> 1
  const places = []
  kernel.forEach((row, y) => row.forEach((set, x) => set && places.push([x - middle, y - middle])))
  const found = grid(mask.width, mask.height)
  for (let y = 0; y < mask.height; y += 1) {
    for (let x = 0; x < mask.width; x += 1) {
      const met = places.some(([right, down]) => at(mask, x + right, y + down))
      found.list[y * mask.width + x] = met ? 1 : 0
    }
  }
  return found
}

function negated(mask) {
  return made(mask, (value) => (value ? 0 : 1))
}

// What lies beyond the edge never takes anything away.
function closed(mask, kernel) {
  if (kernel.length < 2) return mask
  return negated(dilated(negated(dilated(mask, kernel)), kernel))
}

function filled(mask) {
  const { width, height, list } = mask
  const outside = new Uint8Array(list.length)
  const waiting = []
  const visit = (x, y) => {
    const place = y * width + x
    if (x < 0 || y < 0 || x >= width || y >= height || outside[place] || list[place]) return
    outside[place] = 1
    waiting.push(place)
  }
  for (let x = 0; x < width; x += 1) for (const y of [0, height - 1]) visit(x, y)
  for (let y = 0; y < height; y += 1) for (const x of [0, width - 1]) visit(x, y)
  while (waiting.length) {
    const place = waiting.pop()
    const [x, y] = [place % width, Math.floor(place / width)]
    for (const [right, down] of [AROUND[0], AROUND[2], AROUND[4], AROUND[6]]) {
      visit(x + right, y + down)
    }
  }
  return made(mask, (_, place) => (outside[place] ? 0 : 1))
}

// The parts of a mask that hang together, also by corners: a mask and a size each.
function parts(mask) {
  const { width, list } = mask
  const seen = new Uint8Array(list.length)
  const found = []
  list.forEach((value, start) => {
    if (!value || seen[start]) return
    const own = grid(width, mask.height)
    const waiting = [start]
    let size = 0
    seen[start] = 1
    while (waiting.length) {
      const place = waiting.pop()
      own.list[place] = 1
      size += 1
      const [x, y] = [place % width, Math.floor(place / width)]
      for (const [right, down] of AROUND) {
        const other = (y + down) * width + x + right
        if (!at(mask, x + right, y + down) || seen[other]) continue
        seen[other] = 1
        waiting.push(other)
      }
    }
    found.push({ mask: own, size })
  })
  return found
}

// How many places all outlines have, inner ones too (Suzuki and Abe 1985, border following).
function outline(mask) {
  const padding = padded(mask, 1)
  const { width, height } = padding
  const marks = Int8Array.from(padding.list, (value) => (value ? 1 : 0))
  const moves = AROUND.map(([right, down]) => down * width + right)
  let count = 0
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const start = y * width + x
      const outer = marks[start] === 1 && marks[start - 1] === 0
      const inner = !outer && marks[start] >= 1 && marks[start + 1] === 0
      if (outer || inner) count += follow(marks, moves, start, outer ? 6 : 2)
    }
  }
  return count
}

// `from` is the direction of the empty neighbour that the border was met at.
function follow(marks, moves, start, from) {
  let way = from
  do {
    way = (way + 1) % 8 // clockwise, to the last place of the border
  } while (!marks[start + moves[way]] && way !== from)
  if (way === from) {
    marks[start] = -2
    return 1
  }
  const last = start + moves[way]
  let [place, count] = [start, 0]
  for (;;) {
    let right = false
    const back = way
    do {
      way = (way + 7) % 8 // anticlockwise, to the next one
      if (way === 2 && !marks[place + moves[2]]) right = true
    } while (!marks[place + moves[way]] && way !== back)
    if (right) marks[place] = -2
    else if (marks[place] === 1) marks[place] = 2
    count += 1
    const next = place + moves[way]
    if (next === start && place === last) return count
    place = next
    way = (way + 4) % 8
  }
}

// Turning, as OpenCV does it for the nearest place: in steps of 1/1024.
function warped(picture, matrix, width, height) {
  const found = grid(width, height)
  const [a, b, c, d, e, f] = matrix
  for (let y = 0; y < height; y += 1) {
    const [left, top] = [round((b * y + c) * 1024) + 512, round((e * y + f) * 1024) + 512]
    for (let x = 0; x < width; x += 1) {
      const across = (left + round(a * x * 1024)) >> 10
      found.list[y * width + x] = at(picture, across, (top + round(d * x * 1024)) >> 10)
    }
  }
  return found
}

function inverse([a, b, c, d, e, f]) {
  const scale = 1 / (a * e - b * d)
  const [p, q, r, s] = [e * scale, -b * scale, -d * scale, a * scale]
  return [p, q, -p * c - q * f, r, s, -r * c - s * f]
}

function blurred(picture, sigma) {
  const reach = sigma * 4
  const weights = Array.from({ length: 2 * reach + 1 }, (_, one) =>
    Math.exp(-((one - reach) ** 2) / (2 * sigma * sigma)),
  )
  const sum = weights.reduce((one, other) => one + other)
  const mirrored = (place, length) => {
    const folded = Math.abs(place)
    return folded < length ? folded : 2 * length - 2 - folded
  }
  const pass = (from, along) => {
    const found = grid(from.width, from.height)
    for (let y = 0; y < from.height; y += 1) {
      for (let x = 0; x < from.width; x += 1) {
        let total = 0
        weights.forEach((weight, one) => {
          const step = one - reach
          total +=
            weight *
            (along
              ? at(from, mirrored(x + step, from.width), y)
              : at(from, x, mirrored(y + step, from.height)))
        })
        found.list[y * from.width + x] = total / sum
      }
    }
    return found
  }
  return pass(pass(picture, true), false)
}
