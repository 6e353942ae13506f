package io.millrace.cli.report;

import java.util.List;
import java.util.SortedMap;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.Range;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws curves over the epochs. Stateless. */
final class Plot {
  private static final int HEIGHT = 260;
  private static final int LEGEND_ROW = 20;
  private static final int CURVES_PER_ROW = 3;

  /** Values that differ by less than this share are one value. */
  private static final double CONSTANT = 1e-9;

  private static final double HEADROOM = 1.25;

  private Plot() {}

  /**
   * @param values by epoch, from 1; an epoch without a value is left out
   */
  record Curve(String name, SortedMap<Integer, Double> values) {}

  /** An {@code svg} element; empty if no curve has a value. */
  static String svg(String label, List<Curve> curves) {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setDrawSeriesLineAsPath(true);
    for (Curve curve : curves) {
      if (!curve.values().isEmpty()) {
        int i = data.getSeriesCount();
        XYSeries series = new XYSeries(Integer.valueOf(i)); // two curves may have one name
        series.setDescription(curve.name());
        curve.values().forEach(series::add);
        data.addSeries(series);
        renderer.setSeriesPaint(i, Palette.curve(i));
        renderer.setSeriesStroke(i, Palette.stroke(i));
        renderer.setSeriesShapesVisible(i, curve.values().size() == 1); // a line has two ends
      }
    }
    if (data.getSeriesCount() == 0) {
      return "";
    }
    renderer.setLegendItemLabelGenerator((_, i) -> data.getSeries(i).getDescription());
    XYPlot plot = new XYPlot(data, epochs(), range(data.getRangeBounds(true)), null);
    JFreeChart chart = Charts.chart(plot);
    plot.setRenderer(renderer);
    int legendRows = Math.ceilDiv(data.getSeriesCount(), CURVES_PER_ROW);
    return Charts.svg(chart, Charts.HALF_WIDTH, HEIGHT + LEGEND_ROW * (legendRows - 1), label);
  }

  private static NumberAxis epochs() {
    NumberAxis axis = new NumberAxis("epoch");
    axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
    axis.setAutoRangeIncludesZero(false);
    return axis;
  }

  /** Around the values; from 0 for a constant, which has no range of its own. */
  private static NumberAxis range(Range values) {
    NumberAxis axis = Charts.axis(null);
    axis.setAutoRangeIncludesZero(false);
    double largest = Math.max(Math.abs(values.getLowerBound()), Math.abs(values.getUpperBound()));
    axis.setAutoRangeMinimumSize(Double.MIN_NORMAL);
    if (values.getLength() <= CONSTANT * largest) {
      double end = largest == 0 ? 1 : HEADROOM * values.getUpperBound();
      axis.setRange(Math.min(0, end), Math.max(0, end));
    }
    return axis;
  }
}
