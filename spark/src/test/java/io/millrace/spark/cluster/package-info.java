/** A standalone Spark of several processes on loopback, for tests, and what they do to it. */
package io.millrace.spark.cluster;
