"""The shapes that cross the HTTP door, one module per resource family.

They are plain pydantic models: no logic, no database rows. Times are ISO 8601 in UTC with offset. `Message` is a
code with parameters; the reader's language is made in the browser, so no sentence ever crosses this door.
"""
