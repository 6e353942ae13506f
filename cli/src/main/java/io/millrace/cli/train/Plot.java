package io.millrace.cli.train;

import io.millrace.cli.command.SvgImage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Draws curves over the epochs as a self-contained SVG image for an HTML page: letters as text, no
 * reference to another file. Stateless.
 */
final class Plot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 320;
  private static final Color[] COLOURS = {
    new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73), new Color(0xcc79a7)
  }; // Okabe and Ito's, which colour-blind readers can distinguish

  private Plot() {}

  /**
   * @param values one per epoch, from the first
   */
  record Curve(String name, List<Double> values) {}

  /** A plot of curves over the same epochs. */
  static String svg(List<Curve> curves) {
    XYSeriesCollection data = new XYSeriesCollection();
    for (Curve curve : curves) {
      XYSeries series = new XYSeries(curve.name());
      for (int epoch = 0; epoch < curve.values().size(); epoch++) {
        series.add(epoch + 1, curve.values().get(epoch));
      }
      data.addSeries(series);
    }
    JFreeChart chart = chart(data, curves);
    return SvgImage.of(
        WIDTH,
        HEIGHT,
        graphics -> chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT)));
  }

  private static JFreeChart chart(XYDataset data, List<Curve> curves) {
    JFreeChart chart = ChartFactory.createXYLineChart(null, "epoch", null, data);
    StandardChartTheme theme = (StandardChartTheme) StandardChartTheme.createJFreeTheme();
    theme.setPlotBackgroundPaint(Color.WHITE);
    theme.setRangeGridlinePaint(Color.LIGHT_GRAY);
    theme.setDomainGridlinePaint(Color.LIGHT_GRAY);
    theme.apply(chart);
    chart.setBackgroundPaint(Color.WHITE);
    XYPlot plot = chart.getXYPlot();
    plot.getDomainAxis().setStandardTickUnits(NumberAxis.createIntegerTickUnits());
    ((NumberAxis) plot.getRangeAxis()).setAutoRangeIncludesZero(false);
    boolean single = curves.getFirst().values().size() == 1; // a line of one point is invisible
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, single);
    renderer.setDrawSeriesLineAsPath(true);
    for (int i = 0; i < curves.size(); i++) {
      renderer.setSeriesPaint(i, COLOURS[i % COLOURS.length]);
      renderer.setSeriesStroke(i, new BasicStroke(1.5f));
    }
    plot.setRenderer(renderer);
    return chart;
  }
}
