package io.millrace.cli.report;

import io.millrace.transfer.trace.Stage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Stroke;
import java.util.List;

/**
 * The colours of the plots: at least 3:1 against white, and colour-blind readers can distinguish
 * them (after Okabe and Ito, and Tol). Stateless.
 */
final class Palette {
  static final List<Color> CURVES =
      List.of(
          new Color(0x0072b2),
          new Color(0xd55e00),
          new Color(0x00865f),
          new Color(0xaa4499),
          new Color(0x7a5c00),
          new Color(0x332288));

  private static final float WIDTH = 1.5f;
  private static final float MITRE = 10;
  private static final float[][] DASHES = {{6, 3}, {2, 3}, {8, 3, 2, 3}};

  private Palette() {}

  static Color curve(int i) {
    return CURVES.get(i % CURVES.size());
  }

  /** Solid for the first curves, with other dashes each time that the colours begin again. */
  static Stroke stroke(int i) {
    int round = i / CURVES.size();
    return round == 0
        ? new BasicStroke(WIDTH)
        : new BasicStroke(
            WIDTH,
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_MITER,
            MITRE,
            DASHES[(round - 1) % DASHES.length],
            0);
  }

  static Color stage(Stage stage) {
    return switch (stage) {
      case PLAN -> new Color(0x332288);
      case SAMPLE -> new Color(0x0072b2);
      case SLICE -> new Color(0x00865f);
      case COPY -> new Color(0x7a5c00);
      case COMPUTE -> new Color(0xd55e00);
      case EVALUATE -> new Color(0xaa4499);
      case WAIT_FOR_DATA -> new Color(0x4d4d4d);
      case WAIT_FOR_ROOM, OTHER -> new Color(0x919191);
    };
  }
}
