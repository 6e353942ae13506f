package io.millrace.bench.report;

import io.millrace.cli.command.SvgImage;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;

/** Charts in two columns, as one SVG image on white. Stateless. */
final class ChartSheet {
  private static final int NUM_COLUMNS = 2;
  private static final int WIDTH = 480;
  private static final int HEIGHT = 230;
  private static final int TITLE_POINTS = 14;
  private static final int TEXT_POINTS = 11;
  private static final double HEADROOM = 1.15; // for the value at the end of the longest bar

  /** Two shades of blue for Millrace and of grey for the others: the darker has more threads. */
  private static final Color[] PRODUCT = {new Color(0x56b4e9), new Color(0x0072b2)};

  private static final Color[] OTHERS = {new Color(0xc4c4c4), new Color(0x8c8c8c)};

  private ChartSheet() {}

  static String svg(List<BarChart> charts) {
    int numColumns = Math.min(NUM_COLUMNS, charts.size());
    int numRows = Math.ceilDiv(charts.size(), numColumns);
    int width = numColumns * WIDTH;
    int height = numRows * HEIGHT;
    return SvgImage.of(
        width,
        height,
        graphics -> {
          graphics.setColor(Color.WHITE);
          graphics.fillRect(0, 0, width, height);
          for (int i = 0; i < charts.size(); i++) {
            int x = i % numColumns * WIDTH;
            int y = i / numColumns * HEIGHT;
            drawn(charts.get(i)).draw(graphics, new Rectangle2D.Double(x, y, WIDTH, HEIGHT));
          }
        });
  }

  private static JFreeChart drawn(BarChart bars) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    for (BarChart.Bar bar : bars.bars()) {
      data.addValue(bar.value(), bar.series(), bar.contender());
    }
    boolean several = data.getRowCount() > 1;
    JFreeChart chart =
        ChartFactory.createBarChart(
            bars.title(),
            null,
            bars.unit(),
            data,
            PlotOrientation.HORIZONTAL,
            several,
            false,
            false);
    theme().apply(chart);
    chart.setBackgroundPaint(Color.WHITE);
    CategoryPlot plot = chart.getCategoryPlot();
    plot.setOutlineVisible(false);
    plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_RIGHT);
    double longest = bars.bars().stream().mapToDouble(BarChart.Bar::value).max().orElse(1);
    plot.getRangeAxis().setRange(0, longest * HEADROOM);
    plot.setRenderer(renderer(bars, data));
    return chart;
  }

  private static BarRenderer renderer(BarChart bars, DefaultCategoryDataset data) {
    BarRenderer renderer =
        new BarRenderer() {
          @Override
          public Color getItemPaint(int row, int column) {
            Object contender = data.getColumnKey(column);
            boolean product =
                bars.bars().stream()
                    .anyMatch(bar -> bar.product() && bar.contender().equals(contender));
            boolean last = row == data.getRowCount() - 1;
            return (product ? PRODUCT : OTHERS)[last ? 1 : 0];
          }
        };
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0);
    NumberFormat format = NumberFormat.getInstance(Locale.ROOT);
    format.setMaximumFractionDigits(1);
    renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", format));
    renderer.setDefaultItemLabelsVisible(true);
    renderer.setDefaultPositiveItemLabelPosition(
        new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
    renderer.setDefaultItemLabelFont(SvgImage.font(Font.PLAIN, TEXT_POINTS));
    for (int row = 0; row < data.getRowCount(); row++) {
      renderer.setSeriesPaint(row, OTHERS[row == data.getRowCount() - 1 ? 1 : 0]); // the legend's
    }
    return renderer;
  }

  private static StandardChartTheme theme() {
    StandardChartTheme theme = (StandardChartTheme) StandardChartTheme.createJFreeTheme();
    theme.setExtraLargeFont(SvgImage.font(Font.BOLD, TITLE_POINTS));
    theme.setLargeFont(SvgImage.font(Font.PLAIN, TEXT_POINTS));
    theme.setRegularFont(SvgImage.font(Font.PLAIN, TEXT_POINTS));
    theme.setPlotBackgroundPaint(Color.WHITE);
    theme.setRangeGridlinePaint(Color.LIGHT_GRAY);
    return theme;
  }
}
