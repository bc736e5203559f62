/** How the Bot API says no: `error_code` is also the HTTP status. */
export class ApiError extends Error {
  readonly status: number;
  readonly parameters: { retry_after?: number; migrate_to_chat_id?: number } | undefined;
  constructor(status: number, description: string, parameters?: { retry_after?: number; migrate_to_chat_id?: number }) {
    super(description);
    this.name = 'ApiError';
    this.status = status;
    this.parameters = parameters;
  }
}

export const badRequest = (why: string): ApiError => new ApiError(400, `Bad Request: ${why}`);
