const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u
const empty = /[\p{Mn}\p{Me}\p{Cf}]/u

/** How many columns of a terminal the text takes: East Asian letters and emoji two, combining marks none. */
export function textWidth(text: string): number {
  let width = 0
  for (const letter of text) width += empty.test(letter) ? 0 : wide.test(letter) ? 2 : 1
  return width
}
