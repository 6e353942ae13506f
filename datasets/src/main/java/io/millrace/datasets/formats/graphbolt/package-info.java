/**
 * Imports datasets of DGL's GraphBolt (OnDiskDataset) with one node type and one edge type.
 *
 * <p>Begin with {@link io.millrace.datasets.formats.graphbolt.GraphBoltImporter}; the metadata file
 * is described in {@code GraphBoltMetadata}. Arrays are numpy files; edges may also be csv. Files
 * of torch are not read: the error says how to convert them.
 */
package io.millrace.datasets.formats.graphbolt;
