// SPDX-License-Identifier: Apache-2.0
import { isAscii } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { ToolReport } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import { readBounded, systemErrorCode } from '../platform/fs.ts';
import { jsonProblem } from '../platform/json-fault.ts';
import { SCANNERS } from './index.ts';
import type { Scanner } from './scanner.ts';

/** A report to be read: `FILE`, or `TOOL=FILE`. */
export interface ReportFile {
  /** Scanner id; absent: recognised by its content. */
  readonly tool?: string;
  /** OS path. */
  readonly path: string;
  /** What it is called in errors and reports; its path where absent. */
  readonly label?: string;
}

/** Bytes of one report; the largest seen in the field is a tenth of it. */
export const MAX_REPORT = 256 * 1024 * 1024;

/**
 * `TOOL=FILE`, where TOOL is a scanner's id, else a file whose name may hold `=`.
 * @throws PlimsollError `usage` (nothing behind `TOOL=`)
 */
export function parseReportOption(text: string): ReportFile {
  const at = text.indexOf('=');
  const tool = text.slice(0, Math.max(at, 0));
  if (!SCANNERS.some(({ id }) => id === tool)) return { path: text };
  const path = text.slice(at + 1);
  if (path === '') throw new PlimsollError('usage', `expected a file behind ${tool}=, got nothing`);
  return { tool, path };
}

/**
 * Reads a native report of any known tool.
 * @throws PlimsollError `file-not-found`, `file-unreadable`, `file-too-large`, `parse-failed`: what was expected and
 *   what was found, with the name of the file as it was given
 */
export async function readReport(file: ReportFile): Promise<readonly ToolReport[]> {
  const text = await readText(file);
  if (text.trim() === '') return emptyReport(file);
  const content = parseContent(text, file);
  try {
    return scannerOf(content, file).read(content);
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.file !== undefined) throw error;
    throw failed(file, error.message, error);
  }
}

function scannerOf(content: unknown, file: ReportFile): Scanner {
  const named = SCANNERS.find(({ id }) => id === file.tool);
  const recognised = SCANNERS.find((scanner) => scanner.recognises(content));
  if (named === undefined) {
    if (recognised !== undefined) return recognised;
    throw failed(
      file,
      `expected a report of a known tool, got ${shapeOf(content)}; TOOL=FILE says which it is`,
    );
  }
  // Tools whose reports look alike recognise none.
  if (recognised !== undefined && recognised !== named && !looksLike(named, recognised))
    throw failed(file, `expected a report of ${named.name}, got one of ${recognised.name}`);
  return named;
}

/** Whether reports of one tool can be those of the other. */
function looksLike(named: Scanner, recognised: Scanner): boolean {
  return recognised.id === 'sarif' || (named.id === 'betterleaks' && recognised.id === 'gitleaks');
}

function emptyReport(file: ReportFile): readonly ToolReport[] {
  const empty = SCANNERS.find(({ id }) => id === file.tool)?.empty;
  if (empty === undefined) throw failed(file, 'expected a report, got an empty file');
  return empty;
}

function parseContent(text: string, file: ReportFile): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = jsonLines(text);
    if (lines !== undefined) return lines;
    throw failed(file, jsonProblem(text), error);
  }
}

/** One JSON object per line, as TruffleHog writes; a report that breaks off is none. */
function jsonLines(text: string): unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2 || !lines.every((line) => line.startsWith('{'))) return undefined;
  try {
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}

async function readText(file: ReportFile): Promise<string> {
  const { path, label = path } = file;
  const handle = await open(path, 'r').catch((error: unknown) => {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') throw failed(file, 'expected a report, got no file', error, 'file-not-found');
    throw failed(file, `expected a readable file, got ${code}`, error, 'file-unreadable');
  });
  try {
    const { size } = await handle.stat();
    if (size > MAX_REPORT)
      throw failed(file, `expected at most ${MAX_REPORT} bytes, got ${size}`, undefined, 'file-too-large');
    return decode(await readBounded(handle, size, label, MAX_REPORT), file);
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    throw failed(file, `expected a readable file, got ${systemErrorCode(error)}`, error, 'file-unreadable');
  } finally {
    await handle.close();
  }
}

/** UTF-8, or UTF-16 as PowerShell writes it when it redirects; with or without a byte order mark. */
function decode(bytes: Uint8Array, file: ReportFile): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  // Most reports are ASCII, which needs no decoder.
  if (encoding === 'utf-8' && isAscii(bytes))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw failed(file, `expected text in ${encoding.toUpperCase()}, got other bytes`, error);
  }
}

function failed(
  { path, label = path }: ReportFile,
  message: string,
  cause?: unknown,
  code: PlimsollError['code'] = 'parse-failed',
): PlimsollError {
  return new PlimsollError(code, `${label}: ${message}`, { file: label, cause });
}

function shapeOf(content: unknown): string {
  if (content === null) return 'null';
  if (Array.isArray(content))
    return content.length === 0 ? 'an empty list' : `a list of ${typeof content[0]}s`;
  if (typeof content !== 'object') return `a ${typeof content}`;
  const keys = Object.keys(content).slice(0, 5).join(', ').slice(0, 200);
  return keys === '' ? 'an empty object' : `an object of ${keys}`;
}
