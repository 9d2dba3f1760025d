/**
 * A database that Notion exported as CSV, as a Markdown table: RFC 4180 (quotes doubled within
 * quotes, line ends within quotes kept as blanks), the first row the head.
 */
export function tableOfCsv(csv: string): string {
  const rows = rowsOf(csv).filter((row) => row.some((cell) => cell.trim() !== ''));
  const width = Math.max(0, ...rows.map((row) => row.length));
  const [head, ...body] = rows;
  if (!head) return '';
  const line = (row: readonly string[]) =>
    `| ${Array.from({ length: width }, (_, i) => cellOf(row[i] ?? '')).join(' | ')} |`;
  return `${[line(head), `|${' --- |'.repeat(width)}`, ...body.map(line)].join('\n')}\n`;
}

const cellOf = (cell: string) =>
  cell
    .trim()
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/[\\|]/g, '\\$&');

function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  for (let at = 0; at < csv.length; at++) {
    const char = csv[at] ?? '';
    if (isQuoted && char === '"' && csv[at + 1] === '"') {
      cell += char;
      at += 1;
    } else if (char === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (isQuoted || !',\r\n'.includes(char)) cell += char;
    else {
      endCell();
      if (char === ',') continue;
      rows.push(row);
      row = [];
    }
  }
  endCell();
  return [...rows, row];
}
