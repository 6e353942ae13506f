package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.datasets.download.Address;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * A node-property dataset that OGB publishes as a zip archive of its raw folder, with the facts
 * that OGB's documentation states.
 *
 * <p>Immutable value. {@link OgbDownload} makes a dataset directory from it.
 *
 * @param name OGB's name
 * @param url the address of the archive
 * @param licence the data's licence
 * @param undirected whether each edge is stored once and stands for both directions
 * @param numNodes nodes
 * @param numEdges edges stored in the archive
 * @param featureDim values per node
 */
public record OgbArchive(
    String name,
    URI url,
    String licence,
    boolean undirected,
    int numNodes,
    long numEdges,
    int featureDim) {
  private static final int MAX_PORT = 65_535;
  private static final String PREFIX = "ogbn-";

  /** The archives that {@link #of} knows. */
  public static final List<OgbArchive> ALL =
      List.of(
          ogb("arxiv", "arxiv", "ODC-BY", false, 169_343, 1_166_243, 128),
          ogb("products", "products", "Amazon license", true, 2_449_029, 61_859_140, 100),
          ogb("papers100M", "papers100M-bin", "ODC-BY", false, 111_059_956, 1_615_685_872, 128));

  /** Accepts only addresses of http and https. */
  public OgbArchive {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!List.of("http", "https").contains(scheme) || url.getHost() == null) {
      throw BadInputException.of(
          "address must be http://... or https://...", "url", Address.shown(url));
    }
    if (url.getUserInfo() != null) {
      throw BadInputException.of(
          "address must have no user name and password", "url", Address.shown(url));
    }
    if (url.getPort() == 0 || url.getPort() > MAX_PORT) {
      throw BadInputException.of("port must be 1 to " + MAX_PORT, "url", Address.shown(url));
    }
  }

  /**
   * @param name with or without {@code ogbn-}, in upper or lower case
   */
  public static OgbArchive of(String name) {
    return ALL.stream()
        .filter(a -> a.name.equalsIgnoreCase(name) || a.name.equalsIgnoreCase(PREFIX + name))
        .findFirst()
        .orElseThrow(
            () ->
                BadInputException.of(
                    "no such dataset to get",
                    "name",
                    name,
                    "available",
                    ALL.stream().map(OgbArchive::name).toList()));
  }

  /** The same archive, at another address. */
  public OgbArchive at(URI mirror) {
    return new OgbArchive(name, mirror, licence, undirected, numNodes, numEdges, featureDim);
  }

  private static OgbArchive ogb(
      String name,
      String file,
      String licence,
      boolean undirected,
      int nodes,
      long edges,
      int dim) {
    URI url = URI.create("https://snap.stanford.edu/ogb/data/nodeproppred/" + file + ".zip");
    return new OgbArchive(PREFIX + name, url, licence, undirected, nodes, edges, dim);
  }
}
