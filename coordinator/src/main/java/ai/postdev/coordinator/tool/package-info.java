/** Functions that callers offer to models: written into what models read, and their calls found in what models say. Without actors. */
package ai.postdev.coordinator.tool;
