/**
 * {@code bench import}: a text table of edges becomes a dataset on one thread and on several, next
 * to a plain loop ({@code PlainImport}). Begin with {@link
 * io.millrace.bench.imports.ImportBenchCommand}; {@code ImportContest} lists the contenders.
 */
package io.millrace.bench.imports;
