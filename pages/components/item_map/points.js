// Draws all points of the map: with WebGL 2, or pixel by pixel where a browser has none.
// A renderer is { draw(view, size, alpha), recolor(codes, palette), resize(width, height), end() }.
// `view` says where the map's unit square lies on the canvas: { x, y, side } in canvas pixels.

const VERTEX = `#version 300 es
in vec2 place;
in float code;
uniform vec3 view;
uniform vec2 canvas;
uniform float size;
uniform sampler2D palette;
out vec4 color;
void main() {
  vec2 at = (view.xy + place * view.z) / canvas;
  gl_Position = vec4(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
  color = texelFetch(palette, ivec2(int(code + 0.5), 0), 0);
  gl_PointSize = color.a < 0.5 ? size * 0.7 : size;
}`

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 color;
uniform float alpha;
out vec4 shown;
void main() {
  float edge = length(gl_PointCoord - 0.5) * 2.0;
  float cover = color.a * alpha * (1.0 - smoothstep(0.75, 1.0, edge));
  if (cover < 0.01) discard;
  shown = vec4(color.rgb * cover, cover);
}`

function renderer(canvas, places) {
  // In the order of the data one class would cover another.
  const order = shuffled(places.length / 2)
  return withWebGL(canvas, places, order) ?? withPixels(canvas, places, order)
}

function shuffled(count) {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  let state = 1
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const j = Math.floor((state / 4294967296) * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}

function withWebGL(canvas, places, order) {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true })
  if (!gl) return null
  const program = gl.createProgram()
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ]) {
    const shader = gl.createShader(kind)
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.bindAttribLocation(program, 0, "place")
  gl.bindAttribLocation(program, 1, "code")
  gl.linkProgram(program)
  gl.useProgram(program)
  const uniform = Object.fromEntries(
    ["view", "canvas", "size", "alpha", "palette"].map((name) => [
      name,
      gl.getUniformLocation(program, name),
    ]),
  )
  const buffer = (target, values) => {
    const made = gl.createBuffer()
    gl.bindBuffer(target, made)
    gl.bufferData(target, values, gl.DYNAMIC_DRAW)
    return made
  }
  buffer(gl.ARRAY_BUFFER, places)
  gl.enableVertexAttribArray(0)
  gl.vertexAttribPointer(0, 2, gl.UNSIGNED_SHORT, true, 0, 0)
  const codes = buffer(gl.ARRAY_BUFFER, new Uint8Array(order.length))
  gl.enableVertexAttribArray(1)
  gl.vertexAttribPointer(1, 1, gl.UNSIGNED_BYTE, false, 0, 0)
  buffer(gl.ELEMENT_ARRAY_BUFFER, order)
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
  return {
    kind: "WebGL",
    recolor(values, palette) {
      gl.bindBuffer(gl.ARRAY_BUFFER, codes)
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, values)
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, palette)
    },
    draw(view, size, alpha) {
      gl.viewport(0, 0, canvas.width, canvas.height)
      gl.clearColor(0, 0, 0, 0)
      gl.clear(gl.COLOR_BUFFER_BIT)
      gl.uniform3f(uniform.view, view.x, view.y, view.side)
      gl.uniform2f(uniform.canvas, canvas.width, canvas.height)
      gl.uniform1f(uniform.size, size)
      gl.uniform1f(uniform.alpha, alpha)
      gl.drawElements(gl.POINTS, order.length, gl.UNSIGNED_INT, 0)
    },
    end() {
      gl.getExtension("WEBGL_lose_context")?.loseContext()
    },
  }
}

function withPixels(canvas, places, order) {
  const context = canvas.getContext("2d")
  let codes = new Uint8Array(order.length)
  let colors = new Uint32Array(256)
  let faint = new Uint8Array(256)
  let picture = null
  return {
    kind: "pixels",
    recolor(values, palette) {
      codes = values
      // The bytes of a pixel, as one number: red comes first on every machine with a browser.
      colors = new Uint32Array(palette.slice().buffer)
      faint = Uint8Array.from({ length: 256 }, (_, i) => Number(palette[4 * i + 3] < 128))
    },
    draw(view, size) {
      const { width, height } = canvas
      if (picture?.width !== width || picture?.height !== height) {
        picture = context.createImageData(width, height)
      }
      const pixels = new Uint32Array(picture.data.buffer)
      pixels.fill(0)
      const scale = view.side / 65535
      const large = Math.max(1, Math.round(size * 0.8))
      for (const pass of [1, 0]) {
        const side = pass ? Math.max(1, large - 1) : large
        for (const i of order) {
          if (faint[codes[i]] !== pass) continue
          const left = Math.round(view.x + places[2 * i] * scale - side / 2)
          const top = Math.round(view.y + places[2 * i + 1] * scale - side / 2)
          if (left < 0 || top < 0 || left + side > width || top + side > height) continue
          const color = colors[codes[i]]
          for (let y = top; y < top + side; y++) {
            pixels.fill(color, y * width + left, y * width + left + side)
          }
        }
      }
      context.putImageData(picture, 0, 0)
    },
    end() {},
  }
}
