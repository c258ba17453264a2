// A row of small pictures with a name and a sentence each; one picture changes without the others.

export default define((root) => (data) => show(root, data))

function show(root, data) {
  const list = root.querySelector(".pictures")
  const { pictures } = data
  while (list.children.length > pictures.length) list.lastChild.remove()
  while (list.children.length < pictures.length) list.append(frame())
  list.setAttribute("aria-label", data.label)
  put(root.querySelector("h2"), data.title)
  put(root.querySelector(".caption"), data.caption)
  list.classList.toggle("small", data.small)
  pictures.forEach(({ source, name, text, badge }, at) => {
    const item = list.children[at]
    const image = item.querySelector("img")
    if (image.getAttribute("src") !== source) image.src = source
    if (image.alt !== name) image.alt = name
    const words = { name, text, badge, number: data.numbered ? `${at + 1}` : "" }
    for (const [place, word] of Object.entries(words)) {
      const element = item.querySelector(`.${place}`)
      if (element.textContent !== word) element.textContent = word
    }
  })
}

function put(element, text) {
  element.hidden = !text
  if (element.textContent !== text) element.textContent = text
}

function frame() {
  const item = document.createElement("li")
  item.innerHTML =
    '<img><p class="head"><span class="number"></span><span class="name"></span></p>' +
    '<p class="badge"></p><p class="text"></p>'
  return item
}
