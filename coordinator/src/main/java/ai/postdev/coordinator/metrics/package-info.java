/**
 * Figures of a node in the text format of Prometheus. They are those that {@code status} and {@code lake} tell, and how calls
 * went; nothing is counted twice, nothing runs while nobody asks.
 */
package ai.postdev.coordinator.metrics;
