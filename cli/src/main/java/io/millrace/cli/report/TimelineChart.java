package io.millrace.cli.report;

import io.millrace.transfer.trace.Span;
import io.millrace.transfer.trace.Stage;
import java.util.Comparator;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Draws a timeline: a row for each thread, a block for each time in a stage. Stateless. */
final class TimelineChart {
  private static final int FRAME = 90;
  private static final int ROW = 28;
  private static final double HALF = .4; // of a row

  /** {@code worker 2} is before {@code worker 10}. */
  private static final Comparator<String> IN_ORDER =
      Comparator.comparing(String::length).thenComparing(it -> it);

  private TimelineChart() {}

  /**
   * @param spans at least one
   */
  static String svg(List<Span> spans) {
    long begin = begin(spans);
    List<String> tracks = spans.stream().map(Span::track).distinct().sorted(IN_ORDER).toList();
    XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
    XYBarRenderer renderer = new XYBarRenderer();
    renderer.setBarPainter(new StandardXYBarPainter());
    renderer.setShadowVisible(false);
    renderer.setDrawBarOutline(false);
    renderer.setUseYInterval(true);
    for (Stage stage : Stage.values()) {
      List<Span> blocks = spans.stream().filter(it -> it.stage() == stage).toList();
      if (!blocks.isEmpty()) {
        XYIntervalSeries series = new XYIntervalSeries(stage.label());
        for (Span block : blocks) {
          int row = tracks.indexOf(block.track());
          double from = Math.max(0, (block.beginNanos() - begin) / 1e6);
          double to = (block.beginNanos() - begin + block.wallNanos()) / 1e6;
          series.add(row, row - HALF, row + HALF, from, from, Math.max(from, to));
        }
        renderer.setSeriesPaint(data.getSeriesCount(), Palette.stage(stage));
        data.addSeries(series);
      }
    }
    SymbolAxis rows = new SymbolAxis(null, tracks.toArray(String[]::new));
    rows.setInverted(true); // the first track on top
    rows.setGridBandsVisible(false);
    NumberAxis time = Charts.axis("milliseconds");
    time.setUpperMargin(0);
    XYPlot plot = new XYPlot(data, rows, time, null);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setDomainGridlinesVisible(false);
    JFreeChart chart = Charts.chart(plot);
    plot.setRenderer(renderer);
    return Charts.svg(
        chart, Charts.FULL_WIDTH, FRAME + ROW * tracks.size(), "timeline of threads and stages");
  }

  /** Of the first work; a wait may have begun long before. */
  private static long begin(List<Span> spans) {
    return spans.stream()
        .filter(it -> !it.stage().isWait())
        .mapToLong(Span::beginNanos)
        .min()
        .orElseGet(() -> spans.getFirst().beginNanos());
  }
}
