package io.millrace.cli.report;

import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.StackedBarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;

/** Draws what threads and stages have used, as stacked bars. Stateless. */
final class UtilisationChart {
  private static final int FRAME = 90;
  private static final int ROW = 32;
  private static final int PERCENT = 100;
  private static final double GAP = .25; // of a row

  private UtilisationChart() {}

  /**
   * For each thread the share of the time in each stage, in per cent.
   *
   * @param metrics of some time
   */
  static String threads(PipelineMetrics metrics) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    StackedBarRenderer renderer = renderer();
    for (Stage stage : Stage.values()) {
      if (stage != Stage.OTHER && metrics.total(stage).wallNanos() > 0) {
        renderer.setSeriesPaint(data.getRowCount(), Palette.stage(stage));
        metrics
            .tracks()
            .forEach(
                (track, stages) ->
                    data.addValue(
                        (double) PERCENT
                            * stages.getOrDefault(stage, StageTotals.NONE).wallNanos()
                            / metrics.wallNanos(),
                        stage.label(),
                        track));
      }
    }
    NumberAxis share = Charts.axis("% of the time");
    share.setRange(0, PERCENT);
    return svg(data, renderer, share, "utilisation of threads");
  }

  /**
   * For each stage its time for a batch, in milliseconds summed over threads: how much of it a
   * thread computed, and how much it stood still. The last bar is the CPU time of threads that are
   * not Java's own.
   *
   * @param metrics of at least one batch
   */
  static String stages(PipelineMetrics metrics) {
    double batches = 1e6 * Math.max(1, metrics.total(Stage.COMPUTE).count());
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    String cpu = "CPU time";
    String rest = "wall time beyond it";
    for (Stage stage : Stage.values()) {
      StageTotals totals = metrics.total(stage);
      if (!stage.isWait() && stage != Stage.OTHER && totals.wallNanos() > 0) {
        data.addValue(totals.cpuNanos() / batches, cpu, stage.label());
        data.addValue(
            Math.max(0, totals.wallNanos() - totals.cpuNanos()) / batches, rest, stage.label());
      }
    }
    data.addValue(metrics.otherCpuNanos() / batches, cpu, "libtorch, JVM");
    StackedBarRenderer renderer = renderer();
    renderer.setSeriesPaint(0, Palette.curve(0));
    renderer.setSeriesPaint(1, Palette.stage(Stage.WAIT_FOR_ROOM));
    return svg(data, renderer, Charts.axis("milliseconds for a batch"), "utilisation of stages");
  }

  private static StackedBarRenderer renderer() {
    StackedBarRenderer renderer = new StackedBarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    return renderer;
  }

  private static String svg(
      DefaultCategoryDataset data, StackedBarRenderer renderer, NumberAxis values, String label) {
    CategoryAxis bars = new CategoryAxis();
    bars.setCategoryMargin(GAP);
    bars.setMaximumCategoryLabelWidthRatio(1);
    CategoryPlot plot = new CategoryPlot(data, bars, values, null);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
    JFreeChart chart = Charts.chart(plot);
    plot.setRenderer(renderer);
    return Charts.svg(chart, Charts.FULL_WIDTH, FRAME + ROW * data.getColumnCount(), label);
  }
}
