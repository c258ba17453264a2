// A picture on which a rectangle is drawn with mouse, pen, finger or keys, or an outlined part is
// tapped.

const WHOLE = [0, 0, 1, 1]
const STEP = 0.05 // of the picture, for each press of an arrow key
const LEAST = 0.1 // of the picture, as small as keys make a rectangle
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export default define((parent, host) => {
  const root = parent.querySelector(".crop")
  const image = root.querySelector("img")
  let known = null // the rectangle that Python knows
  let start = null // where a rectangle begins that is just being drawn
  let outlined = [] // the parts that a tap may choose
  const place = (event) => {
    const box = image.getBoundingClientRect()
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)]
  }
  root.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return
    event.preventDefault()
    try {
      root.setPointerCapture(event.pointerId)
    } catch {
      // The finger was lifted in the meantime.
    }
    start = place(event)
  }
  root.onpointermove = (event) => {
    if (start) show(root, between(start, place(event)))
  }
  root.onpointerup = (event) => {
    if (!start) return
    const box = between(start, place(event)).map(rounded)
    const tapped = outlined.find((part) => holds(part, start))
    start = null
    // A mere click takes the rectangle away, unless it is on a part.
    choose(box[2] > 0.03 && box[3] > 0.03 ? box : (tapped ?? null))
  }
  const choose = (box) => {
    known = box
    show(root, box)
    host.setStateValue("box", box)
  }
  // Arrow keys move the rectangle; with Shift they move its right and lower edge.
  root.onkeydown = (event) => {
    if (event.target !== root) return
    const way = ARROWS[event.key]
    if (way) choose((event.shiftKey ? sized : moved)(known ?? WHOLE, way))
    else if (event.key === "Delete" || event.key === "Backspace") choose(null)
    else return
    event.preventDefault()
  }
  root.onpointercancel = () => {
    start = null
    show(root, known)
  }
  return ({ picture, box, parts }) => {
    if (image.getAttribute("src") !== picture) image.src = picture
    known = box
    if (JSON.stringify(parts) !== JSON.stringify(outlined)) {
      outlined = parts
      root.querySelector(".parts").replaceChildren(
        ...parts.map((part, at) => {
          const button = document.createElement("button")
          button.setAttribute(
            "aria-label",
            say("Item {number} of {count}", { number: at + 1, count: parts.length }),
          )
          lay(button, part)
          // Pointers are seen to by the picture; this is for the keyboard.
          button.onclick = (event) => event.detail || choose(part)
          return button
        }),
      )
    }
    if (!start) show(root, box)
  }
})

function share(value, from, length) {
  return Math.min(1, Math.max(0, (value - from) / length))
}

function between([x, y], [u, v]) {
  return [Math.min(x, u), Math.min(y, v), Math.abs(u - x), Math.abs(v - y)]
}

function moved([left, top, width, height], [x, y]) {
  const along = (at, length, way) => rounded(Math.min(1 - length, Math.max(0, at + way * STEP)))
  return [along(left, width, x), along(top, height, y), width, height]
}

function sized([left, top, width, height], [x, y]) {
  const grown = (at, length, way) => rounded(Math.min(1 - at, Math.max(LEAST, length + way * STEP)))
  return [left, top, grown(left, width, x), grown(top, height, y)]
}

function rounded(value) {
  return Math.round(value * 1000) / 1000
}

function holds([left, top, width, height], [x, y]) {
  return x >= left && x <= left + width && y >= top && y <= top + height
}

function show(root, box) {
  const frame = root.querySelector(".frame")
  frame.hidden = !box
  if (box) lay(frame, box)
}

function lay(element, box) {
  const [left, top, width, height] = box.map((value) => `${value * 100}%`)
  Object.assign(element.style, { left, top, width, height })
}
