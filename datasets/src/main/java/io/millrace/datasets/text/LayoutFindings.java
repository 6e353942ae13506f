package io.millrace.datasets.text;

import io.millrace.Internal;

/**
 * How the layout of a text table is known, in words for people.
 *
 * @param delimiter what stands between columns, and how that is known
 * @param header whether the first line names the columns, and why
 * @param commentLines lines of comments before the first line of data
 * @param blankLines blank lines before the first line of data
 */
@Internal
public record LayoutFindings(String delimiter, String header, long commentLines, long blankLines) {
  static final LayoutFindings PLAIN = new LayoutFindings("comma", "no", 0, 0);
}
