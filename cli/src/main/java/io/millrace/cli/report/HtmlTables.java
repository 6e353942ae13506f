package io.millrace.cli.report;

import io.millrace.cli.command.Format;
import io.millrace.training.metrics.ConfusionMatrix;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables of a {@link RunPage}. Stateless. */
final class HtmlTables {
  /** A larger matrix is too large to read. */
  private static final int MAX_CLASSES = 50;

  private HtmlTables() {}

  /** One row per setting. */
  static String settings(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(
            setting ->
                "<tr><th>%s</th><td>%s</td></tr>"
                    .formatted(
                        HtmlPage.escaped(setting.getKey()), HtmlPage.escaped(setting.getValue())))
        .collect(Collectors.joining("\n", "<table>\n", "\n</table>"));
  }

  /**
   * A table whose first row is its head, and that may be wider than the page.
   *
   * @param kind its class in the style sheet
   */
  static String runs(String kind, List<List<String>> rows) {
    StringBuilder html =
        new StringBuilder("<div class=\"wide\"><table class=\"runs " + kind + "\">\n");
    for (int i = 0; i < rows.size(); i++) {
      String cell = i == 0 ? "<th>%s</th>" : "<td>%s</td>";
      html.append("<tr>");
      rows.get(i).forEach(text -> html.append(cell.formatted(HtmlPage.escaped(text))));
      html.append("</tr>\n");
    }
    return html.append("</table></div>\n").toString();
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
}
