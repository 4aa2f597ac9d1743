def test_staff_log_in_with_their_password(page, django_user_model, screenshot):
    django_user_model.objects.create_superuser("cs", password="correct horse")
    page.goto("/admin/")
    screenshot(page, "login")
    page.fill("[name=username]", "cs")
    page.fill("[name=password]", "correct horse")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")
    assert "Home" in page.title()


def test_the_console_fits_a_phone(phone, admin_user, log_in, screenshot):
    log_in(phone, admin_user)
    phone.goto("/admin/")
    screenshot(phone, "home-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
