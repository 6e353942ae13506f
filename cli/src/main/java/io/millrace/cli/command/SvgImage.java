package io.millrace.cli.command;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.GraphicsUtils;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.millrace.Internal;
import java.awt.Font;
import java.awt.Graphics2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A drawing as an SVG image that stands by itself: letters as text, no reference to another file.
 * Stateless.
 */
@Internal
public final class SvgImage {
  private static final Map<Font, Font> FONTS = new ConcurrentHashMap<>();

  private SvgImage() {}

  /**
   * A sans-serif font for the painter. It is one that the machine has: the SVG names such a font,
   * and would look for it at each text in another font.
   *
   * @param style of {@link Font}
   * @param points its size
   */
  public static Font font(int style, int points) {
    Font logical = new Font(Font.SANS_SERIF, style, points);
    return FONTS.computeIfAbsent(logical, GraphicsUtils::getPhysicalFont);
  }

  /**
   * @param width in pixels, as the height
   * @param painter draws the image
   * @return an {@code svg} element
   */
  public static String of(int width, int height, Consumer<Graphics2D> painter) {
    VectorGraphics2D graphics = new VectorGraphics2D();
    painter.accept(graphics);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new SVGProcessor()
          .getDocument(graphics.getCommands(), new PageSize(0, 0, width, height))
          .writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from memory
    }
    String document = bytes.toString(StandardCharsets.UTF_8);
    return document.substring(document.indexOf("<svg")); // without the head of an XML file
  }
}
