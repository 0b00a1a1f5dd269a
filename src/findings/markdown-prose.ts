// SPDX-License-Identifier: Apache-2.0
import { markdownText } from './markdown-text.ts';

/** A part of a text in Markdown. `text` is plain and on one line, but for code, which is as written. */
interface Block {
  readonly kind: 'heading' | 'item' | 'paragraph' | 'code';
  readonly text: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:\s+(.*))?$/;
const ITEM = /^\s{0,20}(?:[-*+]|\d{1,9}[.)])\s+(.*)$/;
const RULE = /^\s{0,20}(?:-[-\s]{2,}|\*[*\s]{2,}|_[_\s]{2,}|={3,}\s*)$/;
const UNDERLINE = /^(?:=+|-+)\s*$/;
const QUOTE = /^\s{0,20}(?:>\s?){1,5}/;
const TABLE_RULE = /^\s{0,20}\|?[\s:|-]{3,}\|[\s:|-]*$/;
const TAG =
  /<\/?(?:a|b|blockquote|br|code|dd|details|div|dl|dt|em|h[1-6]|hr|i|img|kbd|li|ol|p|pre|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s[^<>]{0,500})?\/?>/gi;
const LINK =
  /(?<!\\)!?\[((?:[^[\]\\]|\\.){0,300})\](?:\((?:[^()\s\\]|\\.){0,1000}(?:\s+"[^"]{0,200}")?\)|\[[^[\]]{0,100}\])/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};

/** Markdown as plain text on one line, without its marks. For texts of a few thousand characters. */
export function plainMarkdown(markdown: string): string {
  return blocksOf(markdown)
    .map(({ kind, text }) => {
      const line = text.replace(/\s+/g, ' ').trim();
      if (/[.:;,!?…]$/.test(line)) return line;
      return `${line}${kind === 'heading' ? ':' : '.'}`;
    })
    .join(' ');
}

/**
 * Markdown of somebody else made anew: headings, lists and blocks of code stay, and all other text is literal, so that it
 * holds no link, image or HTML.
 */
export function defusedMarkdown(markdown: string): string {
  let text = '';
  let isList = false;
  for (const block of blocksOf(markdown)) {
    const isItem = block.kind === 'item';
    text += `${text === '' ? '' : isList && isItem ? '\n' : '\n\n'}${defused(block)}`;
    isList = isItem;
  }
  return text;
}

function defused({ kind, text }: Block): string {
  switch (kind) {
    case 'heading':
      return `#### ${markdownText(text)}`;
    case 'item':
      return `- ${markdownText(text)}`;
    case 'paragraph':
      return markdownText(text);
    case 'code': {
      const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
      const fence = '`'.repeat(longest + 1);
      return `${fence}\n${text}\n${fence}`;
    }
  }
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let kind: Block['kind'] = 'paragraph';
  let lines: string[] = [];
  let fence: string | undefined;
  const end = () => {
    const text = kind === 'code' ? lines.join('\n') : plainInline(lines.join(' '));
    if (/\S/.test(text)) blocks.push({ kind, text });
    kind = 'paragraph';
    lines = [];
  };
  const begin = (next: Block['kind'], line: string | undefined) => {
    end();
    kind = next;
    lines = line === undefined ? [] : [line];
  };
  for (const raw of markdown.replace(/<!--[\s\S]{0,2000}?-->/g, ' ').split(/\r\n?|\n/)) {
    const mark = FENCE.exec(raw)?.[1];
    if (fence !== undefined) {
      const isEnd = mark?.startsWith(fence) && raw.trim() === mark;
      if (isEnd) end();
      else lines.push(raw);
      fence = isEnd ? undefined : fence;
      continue;
    }
    const line = raw.replace(QUOTE, '');
    const [heading, item] = [HEADING.exec(line), ITEM.exec(line)];
    if (mark !== undefined) {
      fence = mark;
      begin('code', undefined);
    } else if (heading) {
      begin('heading', (heading[1] ?? '').replace(/(?:\s#{1,6})?\s{0,20}$/, ''));
      end();
    } else if (RULE.test(line)) {
      // A line of marks under a text makes a heading of it.
      if (kind === 'paragraph' && UNDERLINE.test(line)) kind = 'heading';
      end();
    } else if (item) begin('item', item[1]);
    else if (line.trim() === '') end();
    else if (!TABLE_RULE.test(line)) lines.push(line);
  }
  end();
  return blocks;
}

/** Without marks; code and what a backslash stands before is kept as it is. */
function plainInline(markdown: string): string {
  const literals: string[] = [];
  const keep = (text: string) => `\ue000${literals.push(text) - 1}\ue001`;
  return (
    markdown
      .replace(/[\ue000\ue001]/g, '')
      .replace(LINK, '$1')
      .replace(/\\([!-/:-@[-`{-~])/g, (_, escaped: string) => keep(escaped))
      .replace(/`{2,}/g, '`')
      .replace(/`([^`]{1,1000})`/g, (_, code: string) => keep(code))
      .replace(/<(https?:\/\/[^<>\s]{1,1000})>/g, (_, url: string) => keep(url))
      .replace(TAG, ' ')
      .replace(/(\*{1,3})(\S(?:[^*]{0,500}\S)?)\1/g, '$2')
      // But names such as `__proto__`.
      .replace(/(?<!\w)(_{1,3})(?!\w+\1)(\S(?:[^_]{0,500}\S)?)\1(?!\w)/g, '$2')
      .replace(/~~([^~]{1,500})~~/g, '$1')
      .replace(/&(?:lt|gt|quot|#39|nbsp|amp);/g, (entity) => ENTITIES[entity] ?? entity)
      .replace(/\ue000(\d+)\ue001/g, (_, index: string) => literals[Number(index)] ?? '')
      .replace(/\s+/g, ' ')
      .trim()
  );
}
