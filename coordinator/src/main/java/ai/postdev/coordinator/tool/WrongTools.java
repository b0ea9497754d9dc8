package ai.postdev.coordinator.tool;

/** What a request says of tools and their calls cannot be. */
public final class WrongTools extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** @param field of the request that is wrong, such as {@code tools[1]} */
    WrongTools(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The field of {@code postdevai.v1.GenerateRequest} that is wrong. */
    public String field() {
        return field;
    }
}
