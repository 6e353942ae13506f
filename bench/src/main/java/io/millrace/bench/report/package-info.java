/**
 * {@code bench report}: a plot of what benchmarks found, made from their JSON. Begin with {@link
 * io.millrace.bench.report.ReportCommand}.
 *
 * <p>One image has one chart per result: bars from 0, with their values, because a reader compares
 * contenders and not curves. The background is white, so that the image can be read on pages of any
 * colour.
 */
package io.millrace.bench.report;
