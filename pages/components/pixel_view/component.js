// Draws one 28×28 image and reads out the pixel under the pointer, a finger or the arrow keys.

const SIDE = 28

export default define((root, _host, signal) => {
  let view
  return (data) => {
    view ??= new View(root, data.numbers, signal)
    view.show(data)
  }
})

const inside = (value) => Math.min(SIDE - 1, Math.max(0, value))

class View {
  constructor(parent, numbers, signal) {
    this.root = element("div", "view")
    this.stage = this.root.appendChild(element("div", "stage"))
    this.canvas = this.stage.appendChild(element("canvas"))
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "img")
    const bar = this.root.appendChild(element("div", "bar"))
    this.output = bar.appendChild(element("output"))
    const label = bar.appendChild(element("label"))
    this.toggle = label.appendChild(element("input"))
    this.toggle.type = "checkbox"
    this.toggle.checked = numbers
    label.append(say("Print all values"))
    parent.appendChild(this.root)

    this.cursor = null
    this.toggle.onchange = () => this.draw()
    this.canvas.onpointermove = (event) => this.point(event)
    this.canvas.onpointerdown = (event) => this.point(event)
    this.canvas.onpointerleave = (event) => event.pointerType === "mouse" && this.moveTo(null)
    this.canvas.onkeydown = (event) => this.walk(event)
    const observer = new ResizeObserver(() => this.draw())
    observer.observe(this.stage)
    signal.addEventListener("abort", () => observer.disconnect())
  }

  show(data) {
    this.pixels = bytes(data.pixels)
    this.canvas.setAttribute(
      "aria-label",
      say("{label}. Arrow keys read out the pixels.", { label: data.label }),
    )
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
      this.output.textContent = say("Point at a pixel to read its value.")
      return
    }
    const [row, column] = this.cursor
    const value = this.pixels[row * SIDE + column]
    this.output.appendChild(element("code")).textContent = `image[${row}, ${column}] = ${value}`
    this.output.append(say(" {share} of 1", { share: digits(value / 255, 3) }))
  }

  moveTo(cursor) {
    if (String(cursor) === String(this.cursor)) return
    this.cursor = cursor
    this.draw()
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect()
    const at = (position, length) => inside(Math.floor((position / length) * SIDE))
    this.moveTo([at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width)])
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
    this.moveTo([inside(row + step[0]), inside(column + step[1])])
  }
}
