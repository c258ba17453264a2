// A map of units beside the item: what a unit sees is framed at once, a click sends its place.

const SIDE = 28
const SCALE = 10
const FRAME = "#ff3d81"

export default define((root, host) => {
  const view = new View(root)
  view.choose = (place) => host.setTriggerValue("clicked", place)
  return (data) => view.show(data)
})

function add(parent, tag, className = "", text = "") {
  return parent.appendChild(element(tag, className, text))
}

class View {
  constructor(parent) {
    this.root = add(parent, "div", "views")
    const seen = add(this.root, "figure")
    add(seen, "figcaption", "", say("What the unit sees"))
    this.item = add(seen, "canvas", "item")
    this.item.width = this.item.height = SIDE * SCALE
    this.item.setAttribute("role", "img")
    this.item.setAttribute("aria-label", say("The item; a frame shows what the unit sees"))
    const map = add(this.root, "figure")
    add(map, "figcaption", "", say("Its map: click a cell"))
    this.map = add(map, "canvas", "map")
    this.map.tabIndex = 0
    this.map.setAttribute("role", "application")
    this.output = add(this.root, "output")
    this.map.onpointermove = (event) =>
      event.pointerType === "mouse" && this.point(this.cell(event))
    this.map.onpointerleave = () => this.point(null)
    this.map.onclick = (event) => this.pick(this.cell(event))
    this.map.onkeydown = (event) => this.walk(event)
    this.map.onblur = () => this.point(null)
  }

  show(data) {
    this.data = data
    this.image = bytes(data.image)
    this.colors = bytes(data.colors)
    this.values = new Float32Array(bytes(data.values).buffer)
    this.selected = data.selected
    // About 280 pixels wide, whole ones a cell.
    this.size = Math.max(2, Math.floor((SIDE * SCALE) / Math.max(data.width, data.height)))
    this.map.width = data.width * this.size
    this.map.height = data.height * this.size
    this.map.setAttribute(
      "aria-label",
      say("{label}: {height} rows, {width} columns. Arrow keys move, Enter chooses.", data),
    )
    this.draw()
  }

  get place() {
    return this.pointed ?? this.selected
  }

  point(place) {
    if (String(place) === String(this.pointed ?? null)) return
    this.pointed = place
    this.draw()
  }

  pick(place) {
    if (!place) return
    this.selected = place
    this.draw()
    this.choose(place)
  }

  cell(event) {
    const box = this.map.getBoundingClientRect()
    const { width, height, count } = this.data
    const at = (position, length, most) =>
      Math.min(most - 1, Math.max(0, Math.floor((position / length) * most)))
    const row = at(event.clientY - box.top, box.height, height)
    const column = at(event.clientX - box.left, box.width, width)
    return row * width + column < count ? [row, column] : null
  }

  walk(event) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault()
      this.pick(this.place)
      return
    }
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    const { width, height, count } = this.data
    const row = Math.min(height - 1, Math.max(0, this.place[0] + step[0]))
    const column = Math.min(width - 1, Math.max(0, this.place[1] + step[1]))
    if (row * width + column < count) this.point([row, column])
  }

  draw() {
    const { width, field } = this.data
    const [row, column] = this.place
    const pen = this.map.getContext("2d")
    this.values.forEach((_, index) => {
      const [red, green, blue] = this.colors.subarray(3 * index, 3 * index + 3)
      pen.fillStyle = `rgb(${red},${green},${blue})`
      const x = (index % width) * this.size
      pen.fillRect(x, Math.floor(index / width) * this.size, this.size, this.size)
    })
    this.frame(pen, this.selected, this.size, "#ffffff")
    if (this.pointed) this.frame(pen, this.pointed, this.size, FRAME)

    const ink = this.item.getContext("2d")
    this.image.forEach((value, index) => {
      ink.fillStyle = `rgb(${value},${value},${value})`
      ink.fillRect((index % SIDE) * SCALE, Math.floor(index / SIDE) * SCALE, SCALE, SCALE)
    })
    const sees = (unit) => {
      if (!field) return [0, SIDE - 1]
      const [jump, first, last] = field
      return [Math.max(0, first + jump * unit), Math.min(SIDE - 1, last + jump * unit)]
    }
    const [top, bottom] = sees(row)
    const [left, right] = sees(column)
    ink.strokeStyle = FRAME
    ink.lineWidth = 3
    ink.strokeRect(
      left * SCALE + 1.5,
      top * SCALE + 1.5,
      (right - left + 1) * SCALE - 3,
      (bottom - top + 1) * SCALE - 3,
    )
    const unit = row * width + column
    const value = digits(this.values[unit], 4)
    this.output.textContent = field
      ? say(
          "{value} at row {row}, column {column}: sees rows {top} to {bottom} and columns {left} to {right}",
          { value, row, column, top, bottom, left, right },
        )
      : say("{value} at unit {unit}: sees the whole item", { value, unit })
  }

  frame(pen, [row, column], size, color) {
    const line = Math.max(2, Math.round(size / 8))
    pen.lineWidth = line
    pen.strokeStyle = color
    const half = line / 2
    pen.strokeRect(column * size + half, row * size + half, size - line, size - line)
  }
}
