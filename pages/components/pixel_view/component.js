// Draws one 28×28 image and reads out the pixel under the pointer, a finger or the arrow keys.

const SIDE = 28
const instances = new WeakMap()

export default function ({ data, parentElement }) {
  let view = instances.get(parentElement)
  if (!view) instances.set(parentElement, (view = new View(parentElement, data.numbers)))
  view.show(data)
  return () => {
    view.observer.disconnect()
    view.root.remove()
    instances.delete(parentElement)
  }
}

function make(tag, className = "") {
  const made = document.createElement(tag)
  made.className = className
  return made
}

class View {
  constructor(parent, numbers) {
    this.root = make("div", "view")
    this.stage = this.root.appendChild(make("div", "stage"))
    this.canvas = this.stage.appendChild(make("canvas"))
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "img")
    const bar = this.root.appendChild(make("div", "bar"))
    this.output = bar.appendChild(make("output"))
    const label = bar.appendChild(make("label"))
    this.toggle = label.appendChild(make("input"))
    this.toggle.type = "checkbox"
    this.toggle.checked = numbers
    label.append("Print all values")
    parent.appendChild(this.root)

    this.cursor = null
    this.toggle.onchange = () => this.draw()
    this.canvas.onpointermove = event => this.point(event)
    this.canvas.onpointerdown = event => this.point(event)
    this.canvas.onpointerleave = event => event.pointerType === "mouse" && this.moveTo(null)
    this.canvas.onkeydown = event => this.walk(event)
    this.observer = new ResizeObserver(() => this.draw())
    this.observer.observe(this.stage)
  }

  show(data) {
    this.pixels = Uint8Array.from(atob(data.pixels), letter => letter.charCodeAt(0))
    this.canvas.setAttribute("aria-label", `${data.label}. Arrow keys read out the pixels.`)
    this.draw()
  }

  draw() {
    const numbers = this.toggle.checked
    this.root.classList.toggle("numbers", numbers)
    const width = this.canvas.clientWidth
    if (!width || !this.pixels) return
    // Whole device pixels per image pixel, so that all are the same size.
    const cell = Math.max(1, Math.round((width * devicePixelRatio) / SIDE))
    const canvas = this.canvas
    if (canvas.width !== cell * SIDE) canvas.width = canvas.height = cell * SIDE
    const pen = canvas.getContext("2d")
    pen.textAlign = "center"
    pen.textBaseline = "middle"
    pen.font = `${Math.round(cell * 0.46)}px system-ui, sans-serif`
    this.pixels.forEach((value, index) => {
      const x = (index % SIDE) * cell
      const y = Math.floor(index / SIDE) * cell
      pen.fillStyle = `rgb(${value},${value},${value})`
      pen.fillRect(x, y, cell, cell)
      if (!numbers) return
      pen.fillStyle = value > 120 ? "#000" : value ? "#fff" : "#666"
      pen.fillText(value, x + cell / 2, y + cell / 2 + 1)
    })
    if (this.cursor) {
      const [row, column] = this.cursor
      const line = Math.max(2, Math.round(cell / 8))
      pen.lineWidth = line
      pen.strokeStyle = "#ff3d81"
      pen.strokeRect(column * cell + line / 2, row * cell + line / 2, cell - line, cell - line)
    }
    this.read()
  }

  read() {
    this.output.textContent = ""
    if (!this.cursor) {
      this.output.textContent = "Point at a pixel to read its value."
      return
    }
    const [row, column] = this.cursor
    const value = this.pixels[row * SIDE + column]
    this.output.appendChild(make("code")).textContent = `image[${row}, ${column}] = ${value}`
    this.output.append(` ${(value / 255).toFixed(3)} of 1`)
  }

  moveTo(cursor) {
    if (String(cursor) === String(this.cursor)) return
    this.cursor = cursor
    this.draw()
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect()
    const at = (position, length) =>
      Math.min(SIDE - 1, Math.max(0, Math.floor((position / length) * SIDE)))
    this.moveTo([
      at(event.clientY - box.top, box.height),
      at(event.clientX - box.left, box.width),
    ])
  }

  walk(event) {
    const steps = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    // The dialog around this view uses the left and right keys too.
    event.stopPropagation()
    const [row, column] = this.cursor ?? [13, 13]
    const inside = value => Math.min(SIDE - 1, Math.max(0, value))
    this.moveTo([inside(row + step[0]), inside(column + step[1])])
  }
}
