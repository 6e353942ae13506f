package io.millrace.cli.train;

import io.millrace.cli.command.Format;
import io.millrace.training.metrics.ConfusionMatrix;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables of an {@link HtmlReport}. Stateless. */
final class HtmlTables {
  /** A larger matrix is too large to read. */
  private static final int MAX_CLASSES = 50;

  private HtmlTables() {}

  /** One row per setting that has a value. */
  static String settings(Map<String, Object> settings) {
    return settings.entrySet().stream()
        .filter(setting -> setting.getValue() != null)
        .map(
            setting ->
                "<tr><th>%s</th><td>%s</td></tr>"
                    .formatted(escaped(setting.getKey()), escaped(setting.getValue().toString())))
        .collect(Collectors.joining("\n", "<table>\n", "\n</table>"));
  }

  /** One row per actual class, under a heading; empty if there are too many classes. */
  static String confusion(ConfusionMatrix matrix) {
    int numClasses = matrix.numClasses();
    if (numClasses > MAX_CLASSES) {
      return "";
    }
    return """
    <h2>Test nodes by class (row) and predicted class (column)</h2>
    <table class="matrix">
    <tr><th></th>%s</tr>
    %s</table>
    """
        .formatted(
            joined(numClasses, c -> "<th>" + c + "</th>"),
            joined(numClasses, actual -> confusionRow(matrix, actual)));
  }

  private static String confusionRow(ConfusionMatrix matrix, int actual) {
    String cells =
        joined(
            matrix.numClasses(),
            predicted -> "<td>" + Format.count(matrix.count(actual, predicted)) + "</td>");
    return "<tr><th>" + actual + "</th>" + cells + "</tr>\n";
  }

  private static String joined(int count, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
