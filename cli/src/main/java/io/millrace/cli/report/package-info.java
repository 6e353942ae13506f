/**
 * Pages of trainings: {@code report.html} of one, and {@code millrace report}, which puts several
 * saved ones side by side. Begin with {@code RunPage}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A page is one HTML file without scripts or links to other files; plots are SVG inside it,
 *       so it opens offline and can be sent as one file. JFreeChart draws them.
 *   <li>Both pages read what {@code train --save} has written ({@code SavedRun}), so a figure has
 *       one source. Only the timeline and the confusion matrix are not stored.
 *   <li>Every colour of a plot has a contrast of at least 3:1 against white (WCAG 2.1, criterion
 *       1.4.11), and lines that share a colour differ in their dashes.
 * </ul>
 */
package io.millrace.cli.report;
