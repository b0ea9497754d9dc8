package ai.postdev.developer.ingest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ContentIntakeTest {
    private final ContentIntake intake = new ContentIntake();

    @Test
    void aPathThatHoldsACredentialIsSecretWhereverItStands() {
        String token = "ghp_" + "a1B2".repeat(9);
        assertTrue(intake.secret("dumps/export-" + token + ".csv"));
        assertTrue(intake.secret(token + "/data.txt"));
        assertTrue(intake.secret("conf/.env"));
        assertFalse(intake.secret("src/main/java/token/Password.java"));
        assertFalse(intake.secret("assets/app.4f2a9c1be03d7785a6c1d2e3f4a5b6c7.js"));
    }
}
