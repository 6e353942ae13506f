package io.millrace.cli.report;

import io.millrace.cli.command.SvgImage;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.regex.Matcher;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.plot.Plot;

/** What all charts of a page have in common: look, size, and SVG as the result. Stateless. */
final class Charts {
  /** Of a chart in one of two columns. */
  static final int HALF_WIDTH = 480;

  /** Of a chart that takes the whole line. */
  static final int FULL_WIDTH = 960;

  private static final int POINTS = 12;
  private static final DecimalFormat NUMBERS =
      new DecimalFormat("0.#########", DecimalFormatSymbols.getInstance(Locale.ROOT));

  private Charts() {}

  /**
   * A chart of a plot with a legend below it, in the look of the page. The renderer is set
   * afterwards, because a theme takes its colours away.
   */
  static JFreeChart chart(Plot plot) {
    JFreeChart chart = new JFreeChart(null, JFreeChart.DEFAULT_TITLE_FONT, plot, true);
    Font font = SvgImage.font(Font.PLAIN, POINTS);
    StandardChartTheme theme = (StandardChartTheme) StandardChartTheme.createJFreeTheme();
    theme.setLargeFont(font);
    theme.setRegularFont(font);
    theme.setPlotBackgroundPaint(Color.WHITE);
    theme.setRangeGridlinePaint(Color.LIGHT_GRAY);
    theme.setDomainGridlinePaint(Color.LIGHT_GRAY);
    theme.apply(chart);
    chart.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    return chart;
  }

  /** An axis whose numbers look the same in every locale. */
  static NumberAxis axis(String label) {
    NumberAxis axis = new NumberAxis(label);
    axis.setStandardTickUnits(new NumberTickUnitSource(false, NUMBERS));
    return axis;
  }

  /**
   * An {@code svg} element with letters as text, without a reference to another file.
   *
   * @param label what it shows, for readers who do not see it
   */
  static String svg(JFreeChart chart, int width, int height, String label) {
    String svg =
        SvgImage.of(
            width,
            height,
            graphics -> chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height)));
    String attributes = " role=\"img\" aria-label=\"" + HtmlPage.escaped(label) + "\"";
    return svg.replaceFirst("<svg", Matcher.quoteReplacement("<svg" + attributes));
  }
}
