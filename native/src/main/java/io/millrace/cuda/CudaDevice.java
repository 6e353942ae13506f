package io.millrace.cuda;

/**
 * One GPU, as {@link CudaProbe} saw it.
 *
 * @param index CUDA's number of the device, from 0
 * @param name the maker's name, for instance "NVIDIA H200"
 * @param totalBytes its memory
 * @param computeCapability for instance "9.0"
 */
public record CudaDevice(int index, String name, long totalBytes, String computeCapability) {}
