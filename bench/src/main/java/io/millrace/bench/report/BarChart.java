package io.millrace.bench.report;

import java.util.List;

/**
 * What one chart shows.
 *
 * @param title what was measured
 * @param unit of the values, and which direction is better
 * @param bars from top to bottom
 */
record BarChart(String title, String unit, List<Bar> bars) {
  /**
   * @param contender who was measured
   * @param series what the colour stands for, such as the number of threads
   * @param value in the chart's unit
   * @param product whether it is Millrace's
   */
  record Bar(String contender, String series, double value, boolean product) {}
}
