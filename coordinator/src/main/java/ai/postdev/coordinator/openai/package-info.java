/** The door that speaks the API of OpenAI over HTTP, for clients with their stock settings. Only translates. */
package ai.postdev.coordinator.openai;
