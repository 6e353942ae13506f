package io.millrace.serving.http;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import io.millrace.serving.protocol.RequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * One request and its answer.
 *
 * @param maxBody bytes of a body
 * @param closing whether the connection ends with the answer
 */
record Exchange(HttpExchange http, int maxBody, boolean closing) {
  /** How much of a body that is too large is passed over, so that the answer can be read. */
  private static final int MAX_SKIPPED = 16 << 20;

  String method() {
    return http.getRequestMethod();
  }

  /** Whether it only reads. */
  boolean isSafe() {
    return method().equals("GET") || method().equals("HEAD");
  }

  /** Refuses another method with 405; HEAD is a GET without the body. */
  void require(String method) {
    boolean head = method.equals("GET") && method().equals("HEAD");
    if (!head && !method().equals(method)) {
      throw RequestException.of(405, "wrong method", "method", method(), "use", method);
    }
  }

  /** The body, or 413. */
  byte[] body() throws IOException {
    InputStream in = http.getRequestBody();
    byte[] body = in.readNBytes((int) Math.min(maxBody + 1L, declaredLength()));
    if (body.length > maxBody) {
      in.skip(MAX_SKIPPED);
      throw RequestException.of(413, "the body is too large", "maxBytes", maxBody);
    }
    return body;
  }

  /** The length that the client has declared, which the server does not exceed, if it has. */
  private long declaredLength() {
    String length = http.getRequestHeaders().getFirst("Content-Length");
    boolean chunked = http.getRequestHeaders().containsKey("Transfer-Encoding");
    return length == null || chunked ? Long.MAX_VALUE : Long.parseLong(length);
  }

  void json(int status, JsonObject object) throws IOException {
    send(status, "application/json", object.toString().getBytes(StandardCharsets.UTF_8));
  }

  void error(int status, String message, OptionalLong retryAfterSeconds) throws IOException {
    retryAfterSeconds.ifPresent(
        seconds -> http.getResponseHeaders().set("Retry-After", Long.toString(seconds)));
    JsonObject object = new JsonObject();
    object.addProperty("error", message);
    json(status, object);
  }

  void send(int status, String type, byte[] content) throws IOException {
    http.getResponseHeaders().set("Content-Type", type);
    if (closing) {
      http.getResponseHeaders().set("Connection", "close");
    }
    boolean head = method().equals("HEAD");
    http.sendResponseHeaders(status, head ? -1 : content.length);
    if (!head) {
      http.getResponseBody().write(content);
    }
  }
}
